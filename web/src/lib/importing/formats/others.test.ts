/** Exports of which no sample of a real account was at hand: written after the formats' shapes. */

import { expect, test } from "vitest";
import { drawn, parsedOf } from "../sample";

test("DeepSeek's export is read as its own, with what was thought", async () => {
  const message = (model: string, ...fragments: readonly [string, string][]) => ({
    files: model === "" ? [{ file_name: "a.pdf" }] : [],
    model,
    inserted_at: "2025-01-01T00:00:00Z",
    fragments: fragments.map(([type, content]) => ({ type, content })),
  });
  const mapping = {
    root: { id: "root", parent: null, children: ["1"], message: null },
    1: { id: "1", parent: "root", children: ["2"], message: message("", ["REQUEST", "hi"]) },
    2: {
      id: "2",
      parent: "1",
      children: [],
      message: message("deepseek-reasoner", ["THINK", "hm"], ["RESPONSE", "hello"]),
    },
    3: { id: "3", parent: "1", children: [], message: message("deepseek-chat", ["SEARCH", "x"], ["RESPONSE", "hey"]) },
  };
  const { talks, left } = await parsedOf(
    JSON.stringify([{ id: "d", title: "T", inserted_at: "2025-01-01T00:00:00Z", mapping }]),
  );
  expect(drawn(talks[0]?.messages ?? [])).toEqual(["0< Q hi", "1<0 A hello", "2<0 A hey"]);
  expect(talks[0]?.messages[1]).toMatchObject({ reasoning: "hm", model: "deepseek-reasoner" });
  expect(talks[0]).toMatchObject({ source: "deepseek", source_id: "d", created_at: "2025-01-01T00:00:00.000Z" });
  expect(left).toEqual([
    { title: "T", why: "files", detail: "a.pdf" },
    { title: "T", why: "tools" },
  ]);
});

test("Claude.ai's export is read, branches and thoughts too", async () => {
  const said = (uuid: string, sender: string, parent: string | undefined, ...content: readonly object[]) => ({
    uuid,
    sender,
    text: "as one text",
    content,
    created_at: "2025-02-01T00:00:00Z",
    parent_message_uuid: parent,
    attachments: [],
    files: uuid === "q" ? [{ file_name: "b.png" }] : [],
  });
  const text = (words: string) => ({ type: "text", text: words });
  const chat_messages = [
    said("q", "human", "00000000-0000-4000-8000-000000000000", text("Why?")),
    said("a", "assistant", "q", { type: "thinking", thinking: "Hm." }, text("So."), {
      type: "tool_use",
      name: "artifacts",
    }),
    said("b", "assistant", "q"),
  ];
  const { talks, left } = await parsedOf(JSON.stringify([{ uuid: "c", name: "T", chat_messages }]));
  expect(drawn(talks[0]?.messages ?? [])).toEqual(["0< Q Why?", "1<0 A So.", "2<0 A as one text"]);
  expect([talks[0]?.source, talks[0]?.shown, talks[0]?.messages[1]?.reasoning]).toEqual(["claude", "2", "Hm."]);
  expect(left).toEqual([
    { title: "T", why: "files", detail: "b.png" },
    { title: "T", why: "canvas" },
  ]);
});

test("Claude.ai's older export, which names no message before, is one line of messages", async () => {
  const chat_messages = ["human", "assistant", "human"].map((sender, at) => ({
    uuid: `${at}`,
    sender,
    text: `t${at}`,
  }));
  const { talks } = await parsedOf(JSON.stringify({ uuid: "c", name: "", chat_messages }));
  expect(drawn(talks[0]?.messages ?? [])).toEqual(["0< Q t0", "1<0 A t1", "2<1 Q t2"]);
});

const libre = (messageId: string, isCreatedByUser: boolean, text: string, more: object = {}) => ({
  messageId,
  isCreatedByUser,
  text,
  createdAt: "2025-03-01T00:00:00Z",
  ...more,
});

test.each([
  [
    "in a list",
    {
      messages: [
        libre("q", true, "Why?"),
        libre("a", false, ":::thinking\nHm.\n:::\nSo.", { parentMessageId: "q", model: "m" }),
      ],
    },
  ],
  [
    "within each other",
    {
      messages: [
        libre("q", true, "Why?", {
          children: [
            libre("a", false, "", {
              model: "m",
              content: [
                { type: "think", think: "Hm." },
                { type: "tool_call" },
                { type: "text", text: { value: "So." } },
              ],
            }),
          ],
        }),
      ],
    },
  ],
])("LibreChat's export is read, its messages %s", async (_, messages) => {
  const given = {
    conversationId: "l",
    title: "T",
    endpoint: "x",
    options: { model: "m", promptPrefix: "Be brief." },
    ...messages,
  };
  const { talks } = await parsedOf(JSON.stringify(given));
  expect(drawn(talks[0]?.messages ?? [])).toEqual(["0< Q Why?", "1<0 A So."]);
  expect(talks[0]).toMatchObject({
    source: "librechat",
    model: "m",
    settings: { system_prompt: "Be brief." },
    shown: "1",
  });
  expect(talks[0]?.messages[1]).toMatchObject({ reasoning: "Hm.", model: "m" });
});

test("What LibreChat and Open WebUI have beside words and thoughts is named", async () => {
  const parts = [
    { type: "text", text: { value: "So." } },
    { type: "image_file", image_file: {} },
    { type: "agent_update", agent_update: {} },
  ];
  const libre = {
    conversationId: "l",
    title: "L",
    messages: [{ messageId: "a", isCreatedByUser: false, content: parts }],
  };
  const said = { role: "assistant", content: "So [1].", sources: [{ source: {} }], code_executions: [{ id: "x" }] };
  const open = { title: "O", chat: { messages: [{ role: "system", content: "Be brief." }, said] } };
  const { talks, left } = await parsedOf(JSON.stringify({ conversations: [libre, open] }));
  expect(talks.map(({ messages }) => messages.at(-1)?.content)).toEqual(["So.", "So [1]."]);
  expect(left).toEqual([
    { title: "L", why: "files" },
    { title: "L", why: "parts", detail: "agent_update" },
    { title: "O", why: "parts", detail: "system, sources" },
    { title: "O", why: "tools" },
  ]);
});
