import { describe, expect, test } from "vitest";
import type { Message } from "@/lib/api";
import { parseEvent } from "@/lib/stream/events";
import { type Answer, type AnswerEvent, answerOf, finished, tell } from "./answer";
import { blank } from "./blank";

const row = (given: Partial<Message> = {}): Message =>
  blank({ id: "a1", parent_id: "q1", role: "assistant", status: "queued", model: "m", position: 3, ...given });

type Given = Record<string, unknown>;
const event = (kind: AnswerEvent["kind"], given: Given): AnswerEvent =>
  parseEvent(
    kind,
    JSON.stringify({
      ...(kind === "done" || kind === "stopped" || kind === "failed" ? {} : { message_id: "a1" }),
      ...given,
    }),
  ) as AnswerEvent;
const started = (given: Given = {}) => event("started", { attempt: 1, model: "m", ...given });
const delta = (at: number, text: string, given: Given = {}) => event("delta", { attempt: 1, at, text, ...given });
const thought = (at: number, reasoning: string) => event("delta", { attempt: 1, at, reasoning });
const done = (length: number, given: Given = {}) =>
  event("done", { message: row({ status: "done", attempt: 1, ...given }), length });

function play(events: readonly AnswerEvent[], from: Answer | null = answerOf(row())) {
  let answer = from;
  const wants: string[] = [];
  events.forEach((each, index) => {
    const told = tell(answer, each, index * 100, () => null);
    answer = told.answer;
    if (told.want !== "nothing") wants.push(told.want);
  });
  return { answer: answer as Answer, wants };
}

describe("an answer from the first event to the last", () => {
  test("waits, starts, loads, thinks, writes and ends whole", () => {
    const { answer, wants } = play([
      event("queued", { position: 2 }),
      started({ loading: true }),
      started(),
      thought(0, "hm"),
      delta(0, "Hel"),
      delta(3, "lo"),
      event("done", { message: row({ status: "done", attempt: 1 }), length: 5, reasoning_length: 2 }),
    ]);
    expect(wants).toEqual([]);
    expect(answer.text).toEqual({ text: "Hello", length: 5 });
    expect(answer.reasoning.text).toBe("hm");
    expect(answer.closed?.whole).toBe(true);
    expect(answer.thinkingAt).toBe(300);
    expect(answer.writingAt).toBe(400);
    expect(finished(answer)?.content).toBe("Hello");
  });

  test("says its place and that the model is loading", () => {
    expect(play([event("queued", { position: 2 })]).answer).toMatchObject({ status: "queued", position: 2 });
    expect(play([started({ loading: true })]).answer).toMatchObject({
      status: "running",
      position: null,
      loading: true,
    });
    expect(play([started({ loading: true }), delta(0, "x")]).answer.loading).toBe(false);
  });

  test("says what the model was not sent, live, by a snapshot and by the row", () => {
    const left = { left_out: 4, summarised: true };
    expect(play([started(left), delta(0, "x")]).answer).toMatchObject({ leftOut: 4, summarised: true });
    expect(play([started({ left_out: 4 })]).answer).toMatchObject({ leftOut: 4, summarised: false });
    const seen = event("snapshot", { attempt: 1, status: "running", text: "x", ...left });
    expect(play([seen], null).answer).toMatchObject({ leftOut: 4, summarised: true });
    const timings = { queued_ms: 1, first_token_ms: 1, total_ms: 1, tokens_per_s: 1, ...left };
    expect(answerOf(row({ timings }))).toMatchObject({ leftOut: 4, summarised: true });
    expect(answerOf(row())).toMatchObject({ leftOut: 0, summarised: false });
  });
});

describe("offsets", () => {
  test("count code points, not units", () => {
    const { answer, wants } = play([started(), delta(0, "a😀"), delta(2, "é😀"), delta(4, "z"), done(5)]);
    expect(wants).toEqual([]);
    expect(answer.text.text).toBe("a😀é😀z");
    expect(answer.closed?.whole).toBe(true);
  });

  test("cut behind a pair of surrogates, never inside", () => {
    const { answer } = play([started(), delta(0, "😀😀😀"), delta(1, "b")]);
    expect(answer.text).toEqual({ text: "😀b", length: 2 });
  });

  test("a gap asks for the stream anew and changes nothing", () => {
    const { answer, wants } = play([started(), delta(0, "abc"), delta(5, "x")]);
    expect(wants).toEqual(["restart"]);
    expect(answer.text.text).toBe("abc");
  });

  test("a gap in the reasoning is a gap too", () => {
    expect(play([started(), thought(4, "x")]).wants).toEqual(["restart"]);
  });

  test("a piece told twice changes nothing", () => {
    const once = play([started(), delta(0, "abc"), delta(3, "def")]);
    const twice = play([delta(0, "abc"), delta(3, "def")], once.answer);
    expect(twice.answer.text).toBe(once.answer.text);
  });

  test("a replay of the whole log gives the same text", () => {
    const log = [started(), delta(0, "one "), delta(4, "two "), delta(8, "three"), done(13)];
    const once = play(log);
    expect(play(log.slice(1), once.answer).answer.text.text).toBe("one two three");
  });

  test("a piece that differs replaces what follows its offset", () => {
    expect(play([started(), delta(0, "abcdef"), delta(3, "XY")]).answer.text.text).toBe("abcXY");
  });

  test("lone surrogates in a text count as one", () => {
    const lone = tell(answerOf(row({ content: "\ud800" })), delta(1, "x", { attempt: 0 }), 0, () => null);
    expect(lone.answer?.text.length).toBe(2);
  });
});

describe("another worker", () => {
  test("goes on from the offset it names, and a note says so", () => {
    const { answer, wants } = play([
      started(),
      delta(0, "abcdef"),
      started({ attempt: 2, at: 3 }),
      delta(3, "DEF", { attempt: 2 }),
    ]);
    expect(wants).toEqual([]);
    expect(answer).toMatchObject({ attempt: 2, takenOver: true });
    expect(answer.text.text).toBe("abcDEF");
  });

  test("that continues beyond what is known here is a gap", () => {
    expect(play([started(), delta(0, "abc"), started({ attempt: 2, at: 9 })]).wants).toEqual(["restart"]);
  });

  test("silences the one before it", () => {
    const { answer } = play([
      started(),
      started({ attempt: 2 }),
      delta(0, "new", { attempt: 2 }),
      delta(3, "old"),
      started(),
    ]);
    expect(answer.text.text).toBe("new");
    expect(answer.attempt).toBe(2);
  });

  test("is a take-over too when the answer went through the line again", () => {
    const { answer } = play([
      started(),
      delta(0, "abc"),
      event("queued", { position: 1, attempt: 1 }),
      started({ attempt: 2, at: 3 }),
    ]);
    expect(answer).toMatchObject({ status: "running", takenOver: true });
  });

  test("is no take-over when the answer had only waited", () => {
    expect(play([event("queued", { position: 1 }), started({ attempt: 2 })]).answer.takenOver).toBe(false);
  });
});

describe("reset", () => {
  test("drops what follows its offsets", () => {
    const { answer } = play([
      started(),
      thought(0, "hmm"),
      delta(0, "abcdef"),
      event("reset", { attempt: 2, at: 2, reasoning_at: 1 }),
    ]);
    expect(answer.text).toEqual({ text: "ab", length: 2 });
    expect(answer.reasoning.text).toBe("h");
  });

  test("of an older attempt is not heard", () => {
    const { answer } = play([started({ attempt: 2 }), delta(0, "abc", { attempt: 2 }), event("reset", { attempt: 1 })]);
    expect(answer.text.text).toBe("abc");
  });
});

describe("a snapshot", () => {
  const snapshot = (given: Given) => event("snapshot", given);

  test("of an answer whose row has ended says nothing: the log has forgotten the end", () => {
    const running = snapshot({ attempt: 1, status: "running", text: "so f" });
    const tellOver = (status: Message["status"], attempt: number) =>
      tell(null, running, 0, () => row({ status, attempt })).answer;
    expect(tellOver("done", 1)).toBeNull();
    expect(tellOver("stopped", 2)).toBeNull();
    expect(tellOver("running", 1)).not.toBeNull();
    expect(tellOver("done", 0)).not.toBeNull();
  });

  test("is where a late reader begins", () => {
    const { answer, wants } = play(
      [snapshot({ attempt: 1, status: "running", model: "m", text: "so far" }), delta(6, "!")],
      null,
    );
    expect(wants).toEqual([]);
    expect(answer.text.text).toBe("so far!");
    expect(answer.takenOver).toBe(false);
  });

  test("in parts is put together", () => {
    const { answer } = play(
      [snapshot({ attempt: 1, status: "running", text: "begin" }), delta(5, "ning"), delta(9, " end")],
      null,
    );
    expect(answer.text.text).toBe("beginning end");
  });

  test("heals a gap", () => {
    const { answer } = play([
      started(),
      delta(0, "a"),
      delta(9, "x"),
      snapshot({ attempt: 1, status: "running", text: "a whole" }),
      delta(7, "."),
    ]);
    expect(answer.text.text).toBe("a whole.");
  });

  test("of nothing in flight asks for the messages when an answer was", () => {
    expect(play([started(), delta(0, "abc"), snapshot({ message_id: null })])).toMatchObject({
      answer: null,
      wants: ["messages"],
    });
    expect(play([snapshot({ message_id: null })], null).wants).toEqual([]);
  });
});

describe("the end", () => {
  test("with another length than here asks for the row", () => {
    expect(play([started(), delta(0, "abc"), done(7)]).answer.closed?.whole).toBe(false);
  });

  test("after more than one attempt asks for the row, whatever the length", () => {
    const taken = [started(), delta(0, "abc"), started({ attempt: 2, at: 3 }), done(3, { attempt: 2 })];
    expect(play(taken).answer.closed?.whole).toBe(false);
  });

  test("of an older attempt is not heard", () => {
    expect(play([started({ attempt: 2 }), delta(0, "abc", { attempt: 2 }), done(3)]).answer.closed).toBe(null);
  });

  test("is not undone by a late word that it waits", () => {
    expect(play([started(), delta(0, "abc"), done(3), event("queued", { position: 1 })]).answer.status).toBe("done");
  });

  test("silences what comes after it", () => {
    const { answer } = play([started(), delta(0, "abc"), done(3), delta(3, "late"), event("reset", { attempt: 1 })]);
    expect(answer.text.text).toBe("abc");
  });

  test.each(["stopped", "failed"] as const)("may be %s, and the text stays", (kind) => {
    const { answer } = play([
      started(),
      delta(0, "abc"),
      event(kind, { message: row({ status: kind, attempt: 1 }), length: 3 }),
    ]);
    expect(finished(answer)).toMatchObject({ status: kind, content: "abc" });
  });

  test("is followed by more when it is continued", () => {
    const { answer, wants } = play([
      started(),
      delta(0, "abc"),
      event("stopped", { message: row({ status: "stopped", attempt: 1 }), length: 3 }),
      event("queued", { position: 1, attempt: 1 }),
      started({ attempt: 2, at: 3 }),
      delta(3, "def", { attempt: 2 }),
      done(6, { attempt: 2 }),
    ]);
    expect(wants).toEqual([]);
    expect(answer.text.text).toBe("abcdef");
    expect(answer.takenOver).toBe(false);
    expect(answer.closed?.row.status).toBe("done");
  });
});

describe("an answer that nobody here has heard of", () => {
  test("asks for the messages", () => {
    expect(tell(null, delta(4, "x"), 0, () => null)).toEqual({ answer: null, want: "messages" });
  });

  test("makes no gap where its row is ahead of the stream", () => {
    const ahead = row({ status: "running", attempt: 2, content: "abc" });
    const first = tell(null, delta(3, "d"), 0, () => ahead);
    const next = tell(first.answer, started({ attempt: 2, at: 4 }), 0, () => ahead);
    expect([first.want, next.want, next.answer?.text.text]).toEqual(["nothing", "nothing", "abcd"]);
  });

  test("begins with its row where that is known", () => {
    const told = tell(null, started(), 0, () => row());
    expect(told.answer).toMatchObject({ messageId: "a1", status: "running" });
  });
});
