import { describe, expect, test } from "vitest";
import { drawn, parsedOf } from "../sample";

const said = (role: string, content: object, more: object = {}) => ({
  author: { role, name: null, metadata: {} },
  create_time: 1_709_287_201.5,
  content,
  status: "finished_successfully",
  recipient: "all",
  metadata: {},
  ...more,
});
const words = (...parts: unknown[]) => ({ content_type: "text", parts });

const CHATGPT = [
  {
    title: "Picking a bike",
    create_time: 1_709_287_200.1,
    update_time: 1_709_290_800.9,
    conversation_id: "65e1a0c4-0000-4000-8000-000000000001",
    current_node: "n6",
    is_archived: true,
    default_model_slug: "gpt-4o",
    mapping: {
      root: { id: "root", message: null, parent: null, children: ["n0"] },
      n0: { id: "n0", message: said("system", words("")), parent: "root", children: ["n1"] },
      n1: {
        id: "n1",
        message: said("user", {
          content_type: "multimodal_text",
          parts: [{ content_type: "image_asset_pointer", asset_pointer: "file-service://x" }, "Which of these?"],
        }),
        parent: "n0",
        children: ["n2", "n9"],
      },
      n2: {
        id: "n2",
        message: said("assistant", { content_type: "thoughts", thoughts: [{ summary: "s", content: "Two wheels." }] }),
        parent: "n1",
        children: ["n3"],
      },
      n3: {
        id: "n3",
        message: said("assistant", { content_type: "code", language: "json", text: "{}" }, { recipient: "web.run" }),
        parent: "n2",
        children: ["n4"],
      },
      n4: { id: "n4", message: said("tool", words("a page")), parent: "n3", children: ["n5"] },
      n5: {
        id: "n5",
        message: said("assistant", words("The **red** one."), { metadata: { model_slug: "gpt-4o" } }),
        parent: "n4",
        children: ["n6"],
      },
      n6: { id: "n6", message: said("user", words("Thanks\0!")), parent: "n5", children: [] },
      n9: { id: "n9", message: said("assistant", words("The blue one.")), parent: "n1", children: [] },
    },
  },
  {
    title: "Never begun",
    create_time: 1,
    mapping: { root: { id: "root", message: null, parent: null, children: [] } },
  },
  { title: "Broken", mapping: null },
];

describe("ChatGPT's export", async () => {
  const parsed = await parsedOf(JSON.stringify(CHATGPT));

  test("comes with branches, thoughts, models and times, and without tools and system messages", () => {
    const [talk] = parsed.talks ?? [];
    expect(drawn(talk?.messages ?? [])).toEqual([
      "0< Q Which of these?",
      "1<0 A The **red** one.",
      "2<1 Q Thanks!",
      "3<0 A The blue one.",
    ]);
    expect(talk?.messages[1]).toMatchObject({ reasoning: "Two wheels.", model: "gpt-4o" });
    expect(talk).toMatchObject({
      source: "chatgpt",
      source_id: "65e1a0c4-0000-4000-8000-000000000001",
      title: "Picking a bike",
      archived: true,
      shown: "2",
      created_at: "2024-03-01T10:00:00.100Z",
    });
  });

  test("says what is left behind and why", () => {
    expect(parsed.left).toEqual([
      { title: "Picking a bike", why: "files" },
      { title: "Picking a bike", why: "tools" },
      { title: "Never begun", why: "empty" },
      { title: "Broken", why: "unreadable" },
    ]);
  });

  const one = (node: object, more: object = {}) =>
    JSON.stringify({
      title: "T",
      current_node: "b",
      mapping: {
        a: { id: "a", parent: null, message: said("user", words("hi")) },
        b: { id: "b", parent: "a", message: node },
      },
      ...more,
    });

  test("names the canvas and the picture that stay behind", async () => {
    const canvas = said("assistant", { content_type: "code", text: "{}" }, { recipient: "canmore.create_textdoc" });
    const drawn = said("tool", { content_type: "multimodal_text", parts: [{ content_type: "image_asset_pointer" }] });
    expect((await parsedOf(one(canvas))).left).toEqual([{ title: "T", why: "canvas" }]);
    expect((await parsedOf(one(drawn))).left).toEqual([{ title: "T", why: "files" }]);
    expect((await parsedOf(one(said("assistant", { content_type: "hologram" })))).left).toEqual([
      { title: "T", why: "parts", detail: "hologram" },
    ]);
  });

  test("names the files that were attached", async () => {
    const metadata = { attachments: [{ id: "file-1", name: "plan.pdf" }, { name: "cat.png" }] };
    expect((await parsedOf(one(said("user", words("Read these."), { metadata })))).left).toEqual([
      { title: "T", why: "files", detail: "plan.pdf, cat.png" },
    ]);
  });

  test("takes the conversation's model where the message has none, and one conversation by itself", async () => {
    const { talks } = await parsedOf(one(said("assistant", words("hello")), { default_model_slug: "gpt-5-thinking" }));
    expect(talks[0]?.messages[1]?.model).toBe("gpt-5-thinking");
  });

  test("makes links of what an answer cites, and leaves no mark of it", async () => {
    const text = "It rains \ue200cite\ue202turn0search1\ue201. So【4†source】 they say\ue200cite\ue202x\ue201.";
    const start_ix = text.indexOf("【");
    const metadata = {
      content_references: [
        { matched_text: "\ue200cite\ue202turn0search1\ue201", alt: "([wx](https://wx.example))", items: [] },
      ],
      citations: [{ start_ix, end_ix: start_ix + 10, metadata: { title: "A [b]", url: "https://b.example/c" } }],
    };
    const { talks } = await parsedOf(one(said("assistant", words(text), { metadata })));
    expect(talks[0]?.messages[1]?.content).toBe(
      "It rains ([wx](https://wx.example)). So ([A \\[b\\]](<https://b.example/c>)) they say.",
    );
  });
});
