import { describe, expect, test } from "vitest";
import type { Message, MessagePage } from "@/lib/api";
import type { StreamEvent } from "@/lib/stream";
import { parseEvent } from "@/lib/stream/events";
import { blank } from "./blank";
import { behind, EMPTY, isAnswering, live, merged, put, removed, shown, type Thread, told } from "./thread";

const row = (given: Partial<Message> & { readonly id: string }): Message =>
  blank({ conversation_id: "c1", created_at: "2026-01-01T00:00:01Z", ...given });
const question = row({ id: "q1", content: "Why?" });
const answer = (given: Partial<Message> = {}) =>
  row({ id: "a1", parent_id: "q1", role: "assistant", status: "queued", created_at: "2026-01-01T00:00:02Z", ...given });
const page = (items: readonly Message[], given: Partial<MessagePage> = {}): MessagePage => ({
  items,
  next_cursor: null,
  log_id: "5-0",
  follow_ups: 0,
  ...given,
});
const event = (kind: StreamEvent["kind"], given: object) => parseEvent(kind, JSON.stringify(given));
const play = (thread: Thread, ...events: readonly StreamEvent[]) =>
  events.reduce((before, each) => told(before, each, 0).thread, thread);

describe("a thread", () => {
  test("follows the answer that a page shows in flight", () => {
    const thread = merged(EMPTY, page([question, answer()]), "newest");
    expect(isAnswering(thread)).toBe(true);
    expect(live(thread, answer())?.messageId).toBe("a1");
  });

  test("keeps the finished answer with the text that was streamed", () => {
    const { content: _, reasoning: __, ...bare } = answer({ status: "done", attempt: 1 });
    const thread = play(
      merged(EMPTY, page([question, answer()]), "newest"),
      event("started", { message_id: "a1", attempt: 1, model: "m" }),
      event("delta", { message_id: "a1", attempt: 1, at: 0, text: "Because." }),
      event("done", { message: bare, length: 8 }),
    );
    expect(isAnswering(thread)).toBe(false);
    expect(thread.messages.get("a1")).toMatchObject({ status: "done", content: "Because." });
    expect(live(thread, answer())).toBeNull();
  });

  test("asks for the messages when the end shows that something is missing", () => {
    const { content: _, reasoning: __, ...bare } = answer({ status: "done", attempt: 1 });
    const thread = merged(EMPTY, page([question, answer()]), "newest");
    expect(told(thread, event("done", { message: bare, length: 8 }), 0).want).toBe("messages");
  });

  test("shows a message that was sent on another device", () => {
    const before = merged(EMPTY, page([question, answer({ status: "done" })]), "newest");
    const next = row({ id: "q2", parent_id: "a1", content: "And?" });
    const thread = play({ ...before, leaf: "a1" }, event("message", { message: next }));
    expect(thread.messages.get("q2")?.content).toBe("And?");
    expect(thread.leaf).toBe("q2");
  });

  test("stays on its branch when another device writes on another one", () => {
    const rows = [
      question,
      answer({ status: "done" }),
      row({ id: "q1b" }),
      row({ id: "a1b", parent_id: "q1b", role: "assistant" }),
    ];
    const before = { ...merged(EMPTY, page(rows), "newest"), leaf: "a1" };
    expect(play(before, event("message", { message: row({ id: "q9", parent_id: "a1b" }) })).leaf).toBe("a1");
  });

  test("fetches a message whose text did not fit the event", () => {
    const long = { ...row({ id: "q2", parent_id: "a1" }), content: null };
    expect(told(EMPTY, event("message", { message: long }), 0).want).toBe("messages");
  });

  test("is not set back by a page that was read before the end", () => {
    const thread = put(EMPTY, [
      answer({ status: "done", attempt: 1, content: "Because.", finished_at: "2026-01-01T00:00:09Z" }),
    ]);
    const late = page([question, answer({ status: "running", attempt: 1, content: "Bec" })]);
    expect(merged(thread, late, "newest").messages.get("a1")?.content).toBe("Because.");
  });

  test.each([
    ["done", 1],
    ["stopped", 0],
  ] as const)("is not put back in the line by a page that was read before the answer was %s", (status, attempt) => {
    const { content: _, reasoning: __, ...bare } = answer({ status, attempt });
    const over = play(
      merged(EMPTY, page([question, answer()]), "newest"),
      ...(attempt === 1 ? [event("started", { message_id: "a1", attempt: 1, model: "m" })] : []),
      event(status, { message: bare, length: 0 }),
    );
    const late = merged(over, page([question, answer()]), "newest");
    expect(isAnswering(late)).toBe(false);
    expect(late.messages.get("a1")?.status).toBe(status);
  });

  test("goes on when a finished answer is continued elsewhere", () => {
    const thread = put(EMPTY, [question, answer({ status: "stopped", attempt: 1, content: "Bec" })]);
    const again = play(thread, event("message", { message: answer({ status: "queued", attempt: 1, content: "Bec" }) }));
    expect(again.answer).toMatchObject({ status: "queued", closed: null });
  });

  test("loses what was deleted elsewhere", () => {
    const thread = merged(EMPTY, page([question, answer({ status: "done" })]), "newest");
    expect([...merged(thread, page([question]), "newest", thread.messages).messages.keys()]).toEqual(["q1"]);
  });

  test("keeps what came while the page that lacks it was on its way", () => {
    const asked = merged(EMPTY, page([]), "newest").messages;
    const over = put({ ...EMPTY, loaded: true }, [
      question,
      answer({ status: "done", attempt: 1, content: "Because." }),
    ]);
    expect([...merged(over, page([]), "newest", asked).messages.keys()]).toEqual(["q1", "a1"]);
  });

  test("lets go of an answer that a page shows to be over", () => {
    const waiting = merged(EMPTY, page([question, answer()]), "newest");
    const over = answer({ status: "done", attempt: 1, content: "Because." });
    const thread = merged(waiting, page([question, over]), "newest", waiting.messages);
    expect(isAnswering(thread)).toBe(false);
    expect(live(thread, over)).toBeNull();
  });

  test("keeps older pages when the newest is read again", () => {
    const first = merged(
      EMPTY,
      page([row({ id: "q5", created_at: "2026-02-01T00:00:00Z" })], { next_cursor: "older" }),
      "newest",
    );
    const both = merged({ ...first, older: null }, page([question]), "older");
    const again = merged(
      both,
      page([row({ id: "q5", created_at: "2026-02-01T00:00:00Z" })], { next_cursor: "older" }),
      "newest",
    );
    expect([...again.messages.keys()].sort()).toEqual(["q1", "q5"]);
    expect(again.older).toBeNull();
  });

  test("goes to the parent when the end of its branch is deleted", () => {
    const thread = { ...merged(EMPTY, page([question, answer({ status: "done" })]), "newest"), leaf: "a1" };
    expect(removed(thread, "a1")).toMatchObject({ leaf: "q1" });
    expect(shown(thread, "q1").leaf).toBe("a1");
  });

  test("lets go of what was deleted elsewhere, and of nothing else", () => {
    const other = row({ id: "a2", parent_id: "q1", role: "assistant", created_at: "2026-01-01T00:00:03Z" });
    const thread = { ...merged(EMPTY, page([question, answer({ status: "done" }), other]), "newest"), leaf: "a2" };
    const gone = play(thread, event("message_deleted", { message_id: "a1", active_leaf_id: "a2" }));
    expect([[...gone.messages.keys()], gone.leaf]).toEqual([["q1", "a2"], "a2"]);
    expect(play(gone, event("message_deleted", { message_id: "a1" }))).toBe(gone);
    expect(play({ ...gone, leaf: null }, event("message_deleted", { message_id: "a2" })).leaf).toBeNull();
  });

  test("knows when its page is older than its snapshot", () => {
    const thread = merged(EMPTY, page([question]), "newest");
    expect(behind({ ...thread, snapshotId: "5-1" })).toBe(true);
    expect(behind({ ...thread, snapshotId: "5-0" })).toBe(false);
    // A log that has forgotten its end is behind what was read.
    expect(behind({ ...thread, snapshotId: "4-9" })).toBe(true);
  });
});

test("what waits on the server is asked about whenever the server has said something of it", () => {
  const read = merged(EMPTY, page([question], { follow_ups: 2 }), "newest");
  expect([EMPTY.waits, read.waits]).toEqual([0, 2]);
  expect(play(read, event("follow_ups", { gone: "f1" })).waits).toBe(3);
});
