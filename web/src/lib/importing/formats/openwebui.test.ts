import { describe, expect, test } from "vitest";
import { drawn, parsedOf } from "../sample";

const OPEN_WEBUI = [
  {
    id: "0b7f",
    user_id: "u",
    title: "Sourdough",
    updated_at: 1_709_290_800,
    created_at: 1_709_287_200,
    archived: false,
    pinned: true,
    chat: {
      title: "Sourdough",
      models: ["llama3.2:latest"],
      params: { system: "You bake." },
      history: {
        currentId: "m3",
        messages: {
          m1: {
            id: "m1",
            parentId: null,
            childrenIds: ["m2", "m3"],
            role: "user",
            content: "How long?",
            timestamp: 1_709_287_201,
          },
          m2: {
            id: "m2",
            parentId: "m1",
            childrenIds: [],
            role: "assistant",
            content: "An hour.",
            model: "llama3.2:latest",
          },
          m3: {
            id: "m3",
            parentId: "m1",
            childrenIds: [],
            role: "assistant",
            content:
              '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n> Flour.\n> Water.\n</details>\nA day.',
            model: "qwen3:4b",
            files: [{ type: "image" }],
          },
        },
      },
    },
  },
  {
    id: "old",
    title: "From long ago",
    chat: {
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: "hello" },
      ],
    },
  },
  { id: "none", title: "Nothing", chat: { history: { messages: {} } } },
];

describe("Open WebUI's export", async () => {
  const parsed = await parsedOf(JSON.stringify(OPEN_WEBUI));

  test("comes with branches, thoughts, the system prompt and what was pinned", () => {
    const [talk, old] = parsed.talks ?? [];
    expect(drawn(talk?.messages ?? [])).toEqual(["0< Q How long?", "1<0 A An hour.", "2<0 A A day."]);
    expect(talk?.messages[2]).toMatchObject({ reasoning: "Flour.\nWater.", model: "qwen3:4b" });
    expect(talk).toMatchObject({ source: "openwebui", source_id: "0b7f", pinned: true, shown: "2" });
    expect(talk?.settings).toEqual({ system_prompt: "You bake." });
    expect(drawn(old?.messages ?? [])).toEqual(["0< Q hi", "1<0 A hello"]);
  });

  test("says what is left behind and why", () => {
    expect(parsed.left).toEqual([
      { title: "Sourdough", why: "files" },
      { title: "Nothing", why: "empty" },
    ]);
  });

  const answered = async (content: string) => {
    const { talks, left } = await parsedOf(
      JSON.stringify({
        title: "T",
        chat: {
          messages: [
            { role: "user", content: "q" },
            { role: "assistant", content },
          ],
        },
      }),
    );
    return [talks[0]?.messages[1]?.content, talks[0]?.messages[1]?.reasoning, left.map(({ why }) => why)];
  };

  test("keeps thoughts apart, code as code, and names the tools", async () => {
    expect(
      await answered(
        '<details type="reasoning" done="true"><summary>Thought</summary>\n&gt; a &lt; b\n</details>\n' +
          '<details type="tool_calls" done="true" name="search" arguments="&quot;x&quot;"><summary>Done</summary></details>\n' +
          '<details type="code_interpreter" done="true" output="{&quot;stdout&quot;:&quot;42&quot;}"><summary>Ran</summary>\n```python\nprint(42)\n```\n</details>\nIt is 42.',
      ),
    ).toEqual(["```python\nprint(42)\n```\n\n```\n42\n```\n\n\nIt is 42.", "a < b", ["tools"]]);
    expect(await answered("Hm.\n</think>\n\nYes.")).toEqual(["Yes.", "Hm.", []]);
    expect(await answered("<details><summary>More</summary>\nx</details>")).toEqual([
      "<details><summary>More</summary>\nx</details>",
      undefined,
      [],
    ]);
  });

  test("takes a chat by itself, without what the server keeps of it", async () => {
    const chat = { title: "T", history: { currentId: "a", messages: { a: { role: "user", content: "hi" } } } };
    expect((await parsedOf(JSON.stringify(chat))).talks[0]).toMatchObject({ source: "openwebui", title: "T" });
  });
});
