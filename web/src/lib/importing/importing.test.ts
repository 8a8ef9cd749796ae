import { describe, expect, test } from "vitest";
import { OfflineError, ProblemError } from "../api/problem";
import type { Door } from "./door";
import { parse } from "./files";
import { fitting, MOST_BODY_BYTES, type Report, run } from "./run";
import type { Said, Talk } from "./talk";
import { type Node, straighten } from "./tree";

const drawn = (messages: readonly Said[]) =>
  messages.map((each) => `${each.id}<${each.parent ?? ""} ${each.role === "user" ? "Q" : "A"} ${each.content}`);
const node = (id: string, parent: string | null, role: Node["role"], content = id): Node => ({
  id,
  parent,
  role,
  content,
});

describe("a tree", () => {
  test("keeps its branches, each parent before its children", () => {
    const tree = straighten([
      node("a2", "q", "assistant"),
      node("q", null, "user"),
      node("a1", "q", "assistant"),
      node("q2", "a2", "user"),
    ]);
    expect(drawn(tree.messages)).toEqual(["0< Q q", "1<0 A a2", "2<1 Q q2", "3<0 A a1"]);
    expect(tree.nameOf("q2")).toBe("2");
  });

  test("lets hidden steps go and makes one of what one side said in several messages", () => {
    const tree = straighten([
      node("root", null, null),
      node("q", "root", "user"),
      node("a", "q", "assistant"),
      node("tool", "a", null),
      node("b", "tool", "assistant"),
    ]);
    expect(drawn(tree.messages)).toEqual(["0< Q q", "1<0 A a\n\nb"]);
    expect(tree.nameOf("b")).toBe("1");
    expect(tree.nameOf("root")).toBeUndefined();
  });

  test("keeps an answer that one branch went on with and another asked about", () => {
    const tree = straighten([
      node("q", null, "user"),
      node("a", "q", "assistant"),
      node("b", "a", "assistant"),
      node("q2", "a", "user"),
    ]);
    expect(drawn(tree.messages)).toEqual(["0< Q q", "1<0 A a", "2<0 A a\n\nb", "3<1 Q q2"]);
  });

  test("begins with a question even where an answer came first", () => {
    expect(drawn(straighten([node("a", null, "assistant")]).messages)).toEqual(["0< Q …", "1<0 A a"]);
  });

  test("survives a node that is lost, a circle, and 20,000 steps", () => {
    expect(straighten([node("a", "b", "user"), node("b", "a", "assistant")]).messages).toEqual([]);
    expect(straighten([node("a", "a", "user")]).messages.length).toBe(1);
    expect(straighten([node("a", "gone", "user")]).messages.length).toBe(1);
    const long = Array.from({ length: 20_000 }, (_, n) =>
      node(`${n}`, n ? `${n - 1}` : null, n % 2 ? "assistant" : "user"),
    );
    expect(straighten(long).messages.length).toBe(20_000);
  });
});

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

describe("ChatGPT's export", () => {
  const parsed = parse(JSON.stringify(CHATGPT));

  test("comes with branches, thoughts, models and times, and without tools and system messages", () => {
    const [talk] = parsed?.talks ?? [];
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
    expect(parsed?.left).toEqual([
      { title: "Picking a bike", why: "files" },
      { title: "Never begun", why: "empty" },
      { title: "Broken", why: "unreadable" },
    ]);
  });
});

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

describe("Open WebUI's export", () => {
  const parsed = parse(JSON.stringify(OPEN_WEBUI));

  test("comes with branches, thoughts, the system prompt and what was pinned", () => {
    const [talk, old] = parsed?.talks ?? [];
    expect(drawn(talk?.messages ?? [])).toEqual(["0< Q How long?", "1<0 A An hour.", "2<0 A A day."]);
    expect(talk?.messages[2]).toMatchObject({ reasoning: "Flour.\nWater.", model: "qwen3:4b" });
    expect(talk).toMatchObject({ source: "openwebui", source_id: "0b7f", pinned: true, shown: "2" });
    expect(talk?.settings).toEqual({ system_prompt: "You bake." });
    expect(drawn(old?.messages ?? [])).toEqual(["0< Q hi", "1<0 A hello"]);
  });

  test("says what is left behind and why", () => {
    expect(parsed?.left).toEqual([
      { title: "Sourdough", why: "files" },
      { title: "Nothing", why: "empty" },
    ]);
  });
});

test("our own export comes back as it was", () => {
  const own = {
    format: "olamchat/1",
    conversation: {
      id: "01900000-0000-7000-8000-000000000000",
      title: "Sky",
      model: "llama",
      settings: { temperature: 0.5, seed: null },
      pinned: false,
      archived: true,
      active_leaf_id: "a",
      created_at: "2026-03-01T10:00:00.000000+00:00",
      updated_at: "2026-03-01T11:00:00+00:00",
    },
    messages: [
      {
        id: "q",
        parent_id: null,
        role: "user",
        content: "Why?",
        reasoning: "",
        model: null,
        created_at: "2026-03-01T10:00:00+00:00",
      },
      { id: "a", parent_id: "q", role: "assistant", content: "Because.", reasoning: "Hm.", model: "llama" },
      { id: "b", parent_id: "q", role: "assistant", content: "", reasoning: "", model: "llama", status: "queued" },
    ],
  };
  const parsed = parse(JSON.stringify(own));
  expect(parsed?.left).toEqual([]);
  expect(parsed?.talks[0]).toMatchObject({
    source: "olamchat",
    source_id: own.conversation.id,
    settings: { temperature: 0.5 },
    archived: true,
    shown: "1",
  });
  expect(drawn(parsed?.talks[0]?.messages ?? [])).toEqual(["0< Q Why?", "1<0 A Because."]);
});

test.each(["", "{", "null", "[]", "{}", '[{"a":1}]', '"text"'])("%j is no export", (text) => {
  expect(parse(text)).toBeNull();
});

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
  const parsed = { talks: ["a", "refused", "busy", "lost", "known"].map((title) => talk(title)), left: [] };
  const report = await run(
    parsed,
    (each) => reports.push(each),
    new AbortController().signal,
    door({ send, pause: async (ms) => void waits.push(ms) }),
  );
  expect(report).toEqual({
    done: 5,
    total: 5,
    made: 3,
    there: 1,
    left: [{ title: "refused", why: "refused", detail: "No tree." }],
  });
  expect(waits).toEqual([7000, 2000]);
  expect(reports.map((each) => each.done)).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a stopped import stops between two conversations", async () => {
  const stop = new AbortController();
  const parsed = { talks: [talk("a"), talk("b")], left: [] };
  const report = await run(parsed, (each) => each.done === 1 && stop.abort(), stop.signal, door());
  expect(report.done).toBe(1);
});
