import { expect, test } from "vitest";
import { OfflineError, ProblemError } from "../api/problem";
import type { Door } from "./door";
import { fitting, MOST_BODY_BYTES, type Report, run } from "./run";
import { sourceOf } from "./sample";
import type { Said, Talk } from "./talk";

const talk = (title: string, messages: readonly Said[] = [{ id: "0", parent: null, role: "user", content: "hi" }]) =>
  ({ source: "chatgpt", source_id: title, title, messages }) as Talk;
/** A server that takes everything; what a test says otherwise is handed in. */
const door = (given: Partial<Door> = {}): Door => ({
  send: async () => ({ outcome: "made" }) as never,
  known: async () => false,
  upload: async () => "id",
  most: async () => 1_000,
  pause: async () => undefined,
  ...given,
});
const long = "x".repeat(MOST_BODY_BYTES * 0.6);

test("what is too large comes in by the branch that is shown, or not at all", () => {
  const messages: readonly Said[] = [
    { id: "0", parent: null, role: "user", content: "hi" },
    { id: "1", parent: "0", role: "assistant", content: long },
    { id: "2", parent: "0", role: "assistant", content: long },
  ];
  const trimmed = fitting({ ...talk("big", messages), shown: "1" });
  expect(trimmed?.messages.map((each) => each.id)).toEqual(["0", "1"]);
  expect(fitting(talk("bigger", [{ id: "0", parent: null, role: "user", content: long + long }]))).toBeNull();
});

test("what is refused is told, what is lost is tried again, and nothing stops the rest", async () => {
  const reports: Report[] = [];
  const waits: number[] = [];
  const tried = new Set<string>();
  const first = (title: string) => !tried.has(title) && tried.add(title).has(title);
  const send: Door["send"] = async (each) => {
    if (each.title === "refused") throw new ProblemError("invalid", 422, "No tree.");
    if (each.title === "busy" && first("busy")) throw new ProblemError("too_many", 429, "Slowly.", {}, 7);
    if (each.title === "lost" && first("lost")) throw new OfflineError("gone");
    return { outcome: each.title === "known" ? "there" : "made" } as never;
  };
  const parsed = sourceOf(
    ["a", "refused", "busy", "lost", "known"].map((title) => talk(title)),
    [{ title: "cut", why: "cutOff" }],
  );
  const report = await run(
    parsed,
    (each) => reports.push(each),
    new AbortController().signal,
    door({ send, pause: async (ms) => void waits.push(ms) }),
  );
  expect(report).toEqual({
    done: 5,
    part: 1,
    made: 3,
    there: 1,
    left: [
      { title: "cut", why: "cutOff" },
      { title: "refused", why: "refused", detail: "No tree." },
    ],
  });
  expect(waits).toEqual([7000, 2000]);
  expect(reports.map((each) => each.done)).toEqual([0, 1, 2, 3, 4, 5, 5]);
});

test("a stopped import stops between two conversations", async () => {
  const stop = new AbortController();
  const parsed = sourceOf([talk("a"), talk("b")]);
  const report = await run(parsed, (each) => each.done === 1 && stop.abort(), stop.signal, door());
  expect(report.done).toBe(1);
});
