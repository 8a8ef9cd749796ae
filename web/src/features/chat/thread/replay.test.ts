/** The same histories that the server's fold of a log is tried with: see tests/olamchat/tokenlog/histories.py. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Message } from "@/lib/api";
import { parseEvent } from "@/lib/stream/events";
import { type Answer, type AnswerEvent, answerOf, tell } from "./answer";
import { blank } from "./blank";

interface History {
  readonly events: readonly { readonly kind: AnswerEvent["kind"]; readonly data: unknown }[];
  /** What is known of text and reasoning after each event; null across a hole. */
  readonly known: readonly (readonly [string, string] | null)[];
}

const histories = JSON.parse(readFileSync("../tests/olamchat/tokenlog/histories.json", "utf8")) as History[];
const row = (given: Partial<Message>): Message =>
  blank({ id: "a1", parent_id: "q1", role: "assistant", status: "queued", ...given });

/** Follow a history as a page does, up to the first hole; return the texts after each event, and how it stopped. */
function follow({ events, known }: History) {
  let answer: Answer | null = answerOf(row({}));
  let kept = row({});
  const seen: (readonly [string, string] | null)[] = [];
  for (const [index, { kind, data }] of events.entries()) {
    const told = tell(answer, parseEvent(kind, JSON.stringify(data)) as AnswerEvent, 0, () => kept);
    answer = told.answer;
    if (told.want === "restart") return { seen: [...seen, null], holes: true };
    if (answer?.closed && !answer.closed.whole) {
      // The page fetches the row, which is what the server's fold says where that knows it.
      const texts = known[index];
      if (!texts) return { seen: [...seen, null], holes: true };
      const { status, attempt } = answer.closed.row;
      kept = row({ status, attempt, content: texts[0], reasoning: texts[1] });
      answer = { ...answerOf(kept), closed: { row: answer.closed.row, whole: true } };
    }
    seen.push([answer?.text.text ?? "", answer?.reasoning.text ?? ""]);
  }
  return { seen, holes: false };
}

test.each(histories.map((history, index) => [index, history] as const))(
  "history %i is read as the server reads it",
  (_, history) => {
    const { seen } = follow(history);
    expect(seen).toEqual(history.known.slice(0, seen.length));
    if (!history.known.includes(null)) expect(seen.length).toBe(history.known.length);
  },
);

test("some histories have a hole and some have none", () => {
  const holes = histories.filter((history) => follow(history).holes).length;
  expect(holes).toBeGreaterThan(5);
  expect(holes).toBeLessThan(histories.length - 5);
});
