import { expect, test } from "vitest";
import { drawn, parsedOf } from "../sample";

test("our own export comes back as it was", async () => {
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
  const parsed = await parsedOf(JSON.stringify(own));
  expect(parsed.left).toEqual([]);
  expect(parsed.talks[0]).toMatchObject({
    source: "olamchat",
    source_id: own.conversation.id,
    settings: { temperature: 0.5 },
    archived: true,
    shown: "1",
  });
  expect(drawn(parsed.talks[0]?.messages ?? [])).toEqual(["0< Q Why?", "1<0 A Because."]);
});
