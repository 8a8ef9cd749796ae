import { describe, expect, test } from "vitest";
import { conversations, readFile, UnknownFile } from "./files";
import { parsedOf } from "./sample";
import { MOST_LETTERS, type Value, values } from "./values";

async function* cut(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
async function all(pieces: AsyncIterable<string>): Promise<Value[]> {
  const found: Value[] = [];
  for await (const value of values(pieces)) found.push(value);
  return found;
}

const own = (id: string, words = "hi") => ({
  format: "olamchat/1",
  conversation: { id, title: id },
  messages: [{ id: "q", parent_id: null, role: "user", content: words }],
});

describe("the values of a JSON text", () => {
  const items = [{ a: '}],"\\' }, [1, [2]], "x,]", 5, null, { "": {} }];

  test.each([1, 2, 7, 1_000])("are found however it is cut (%i at a time)", async (size) => {
    const found = await all(cut(` ${JSON.stringify(items, null, 1)}\n`, size));
    expect(found.map((value) => "text" in value && JSON.parse(value.text))).toEqual(items);
    expect(await all(cut('{"a": [1, 2]}', size))).toEqual([{ text: '{"a": [1, 2]}' }]);
    expect(await all(cut('{"a": [1, 2]}\n{"b": "},"}\n\n[{"c": 1}, 2]\n', size))).toEqual(
      ['{"a": [1, 2]}', '{"b": "},"}', '{"c": 1}', "2"].map((text) => ({ text })),
    );
  });

  test("that never ends are told, and one that is too large is passed over", async () => {
    expect(await all(cut('[{"a": 1}, {"b": "c', 3))).toEqual([{ text: '{"a": 1}' }, { fault: "cutOff" }]);
    async function* large(): AsyncGenerator<string> {
      yield '["';
      for (let at = 0; at <= MOST_LETTERS; at += 1_000_000) yield "x".repeat(1_000_000);
      yield '", 5]';
    }
    expect(await all(large())).toEqual([{ fault: "tooLarge" }, { text: "5" }]);
  });
});

describe("a file", () => {
  const read = async (...parts: readonly BlobPart[]) => {
    const source = await readFile(new File([...parts], "a.json"));
    const titles: (string | null | undefined)[] = [];
    for await (const { talks } of source.found()) titles.push(...talks.map(({ title }) => title));
    return [titles, source.part()];
  };

  test("of one conversation or of many, in UTF-8 or UTF-16, is read to its end", async () => {
    const text = JSON.stringify([own("ä"), own("b")]);
    expect(await read(JSON.stringify(own("ä")))).toEqual([["ä"], 1]);
    expect(await read(`\ufeff${text}`)).toEqual([["ä", "b"], 1]);
    const wide = Uint8Array.from(
      [...`\ufeff${text}`].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]),
    );
    expect(await read(wide)).toEqual([["ä", "b"], 1]);
  });

  test("has a conversation on each line, or all of them in an object", async () => {
    const both = [own("a"), own("b")];
    expect(await read(both.map((each) => JSON.stringify(each)).join("\n"))).toEqual([["a", "b"], 1]);
    expect(await read(JSON.stringify({ version: 1, conversations: both }))).toEqual([["a", "b"], 1]);
    expect((await parsedOf(JSON.stringify({ data: [own("a"), { b: 1 }] }))).left).toEqual([
      { title: "", why: "unreadable" },
    ]);
  });

  test.each(["", "{", "null", "[]", "{}", '[{"a":1}]', '"text"', "hello"])("%j is no export", async (text) => {
    await expect(read(text)).rejects.toThrow(UnknownFile);
  });

  test("says what in it is no conversation, and where it is cut off", async () => {
    const text = JSON.stringify([{ title: "What?" }, own("a"), { b: 1 }]);
    expect((await parsedOf(`${text.slice(0, -1)}, {"c`)).left).toEqual([
      { title: "What?", why: "unreadable" },
      { title: "", why: "unreadable" },
      { title: "", why: "cutOff" },
    ]);
  });

  test("of any size holds one conversation in memory", async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<string> {
      yield "[";
      for (; given < 1_000; given++) yield `${JSON.stringify(own(`${given}`, "words ".repeat(1_000)))},`;
      yield "{}]";
    }
    let seen = 0;
    for await (const { talks } of conversations(endless())) {
      seen += talks.length;
      expect(given - seen).toBeLessThan(2);
    }
    expect(seen).toBe(1_000);
  });
});
