import { expect, test } from "vitest";
import { ProblemError } from "../api/problem";
import type { Door } from "./door";
import { run } from "./run";
import { parsedOf, sourceOf } from "./sample";
import type { Files, Sent } from "./talk";

const file = (name: string, path?: string) => ({ id: "x", name, kind: "text", ...(path ? { path } : {}) });
const own = (id: string, attachments: readonly object[], content = "") =>
  JSON.stringify({
    format: "olamchat/1",
    conversation: { id, title: id },
    messages: [
      { id: "q", parent_id: null, role: "user", content, attachments },
      { id: "a", parent_id: "q", role: "assistant", content: "So." },
    ],
  });
const zipped = (files: Readonly<Record<string, number>>): Files =>
  new Map(
    Object.entries(files).map(([path, bytes]) => [path, { bytes, read: async () => new Blob(["x".repeat(bytes)]) }]),
  );

/** A server that remembers what it was sent. */
function server(given: Partial<Door> = {}) {
  const uploads: string[] = [];
  const talks: Sent[] = [];
  const door: Door = {
    send: async (talk) => {
      talks.push(talk);
      return { outcome: "made" } as never;
    },
    known: async () => false,
    upload: async ({ name, size }) => {
      uploads.push(`${name} ${size}`);
      return `id ${name}`;
    },
    most: async () => 100,
    pause: async () => undefined,
    ...given,
  };
  return { door, uploads, talks };
}

const taken = async (texts: readonly string[], files: Files, door: Door) => {
  const { talks, left } = await parsedOf(...texts);
  return run(sourceOf(talks, left, files), () => undefined, new AbortController().signal, door);
};
const attached = (talk: Sent | undefined) => talk?.messages.map((said) => said.attachments);

test("a message comes in with its files, each sent once however often it is there", async () => {
  const { door, uploads, talks } = server();
  const both = [file("a.txt", "files/1/a.txt"), file("b?.txt", "files/2/b_.txt")];
  const report = await taken(
    [own("one", both), own("two", both.slice(1))],
    zipped({ "files/1/a.txt": 3, "files/2/b_.txt": 5 }),
    door,
  );
  expect(uploads).toEqual(["a.txt 3", "b?.txt 5"]);
  expect(talks.map(attached)).toEqual([
    [["id a.txt", "id b?.txt"], undefined],
    [["id b?.txt"], undefined],
  ]);
  expect(report.left).toEqual([]);
});

test("what is refused, too large or not there stays behind, is told, and stops nothing", async () => {
  const { door, talks } = server({
    upload: async ({ name }) => {
      if (name === "bad.exe") throw new ProblemError("file_type_refused", 415, "No programs.");
      return "id";
    },
  });
  const files = [
    file("bad.exe", "files/1/bad.exe"),
    file("big", "files/2/big"),
    file("gone", "files/3/gone"),
    file("ok", "files/4/ok"),
  ];
  const report = await taken(
    [own("one", files)],
    zipped({ "files/1/bad.exe": 1, "files/2/big": 101, "files/4/ok": 1 }),
    door,
  );
  expect(attached(talks[0])).toEqual([["id"], undefined]);
  expect(report.left).toEqual([
    { title: "one", why: "file", detail: "bad.exe: No programs." },
    { title: "one", why: "fileTooLarge", detail: "big" },
    { title: "one", why: "file", detail: "gone" },
  ]);
  expect(report.made).toBe(1);
});

test("the files of a conversation that came before are not sent again", async () => {
  const { door, uploads, talks } = server({ known: async () => true });
  await taken([own("one", [file("a", "files/1/a")])], zipped({ "files/1/a": 1 }), door);
  expect([uploads, attached(talks[0])]).toEqual([[], [undefined, undefined]]);
});

test("a server that is busy is asked again", async () => {
  let tries = 0;
  const busy = async () => {
    if (++tries < 3) throw new ProblemError("unavailable", 503, "Later.");
    return "id";
  };
  const { door, talks } = server({ upload: busy });
  await taken([own("one", [file("a", "files/1/a")])], zipped({ "files/1/a": 1 }), door);
  expect(attached(talks[0])).toEqual([["id"], undefined]);
});

test("names alone, as one conversation's JSON has them, are told", async () => {
  expect((await parsedOf(own("one", [file("a.txt")], "Why?"))).left).toEqual([{ title: "one", why: "files" }]);
});
