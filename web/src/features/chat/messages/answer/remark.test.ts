import { expect, test } from "vitest";
import { blank } from "../../thread/blank";
import { remark } from "./remark";

const answer = (content: string, finish_reason: string | null) =>
  blank({ id: "a", role: "assistant", status: "done", content, usage: { finish_reason } });

test.each([
  ["Because.", "stop", null],
  ["Because", "length", "answer.length"],
  ["Beca", "content_filter", "answer.filtered"],
  ["I can't.", "refusal", "answer.refused"],
  ["", "tool_calls", "answer.toolCall"],
  [" \n", "stop", "answer.empty"],
  ["", null, "answer.empty"],
])("says of %j that ended by %s: %s", (content, finish, key) => {
  expect(remark(answer(content, finish))).toBe(key);
});

test("says nothing of an answer that is still written", () => {
  expect(remark(blank({ id: "a", role: "assistant", status: "running" }))).toBeNull();
});
