import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { carrier } from "./carrier";
import type { FromCarrier, ToCarrier } from "./protocol";

class Source {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readonly heard = new Map<string, (event: { data: string; lastEventId: string }) => void>();
  readyState = 0;
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  constructor(readonly url: string) {
    Source.all.push(this);
  }
  addEventListener(kind: string, take: (event: { data: string; lastEventId: string }) => void) {
    this.heard.set(kind, take);
  }
  close() {
    this.readyState = 2;
  }
  say(kind: string, data: object, lastEventId = "") {
    this.heard.get(kind)?.({ data: JSON.stringify(data), lastEventId });
  }
}

const C1 = "11111111-1111-4111-8111-111111111111";
const C2 = "22222222-2222-4222-8222-222222222222";

beforeEach(() => {
  vi.useFakeTimers();
  Source.all = [];
  vi.stubGlobal("EventSource", Source);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = () => {
  const source = Source.all.at(-1);
  if (source === undefined) throw new Error("no connection");
  source.onopen();
  return source;
};
const strandsOf = (source: Source) => new URL(source.url, "http://x").searchParams.getAll("strand");
const nameOf = (source: Source) => new URL(source.url, "http://x").searchParams.get("stream");

function tab(board: ReturnType<typeof carrier>) {
  const got: FromCarrier[] = [];
  const speak = board((message) => got.push(message));
  return {
    got,
    say: (message: ToCarrier) => speak(message),
    awake: () => speak({ type: "here", awake: true, events: true }),
    asleep: () => speak({ type: "here", awake: false, events: true }),
    frames: () =>
      got.filter((each) => each.type === "frame").map((each) => [each.strand, each.frame.kind, each.frame.id]),
    steers: () => got.filter((each) => each.type === "steer").map((each) => each.steer),
  };
}

test("ten tabs have one connection, and each hears its own conversation and the person's log", () => {
  const board = carrier();
  const tabs = Array.from({ length: 10 }, () => tab(board));
  tabs.forEach((each, n) => {
    each.say({ type: "follow", strand: `s${n}`, conversation: C1, after: null });
    each.awake();
  });
  const source = open();
  source.say("strand", { strand: "s3" });
  source.say("delta", { text: "x" }, "5-0");
  source.say("strand", { strand: "" });
  source.say("title", { title: "T" }, "6-0");

  expect(Source.all).toHaveLength(1);
  expect(tabs[3]?.frames()).toEqual([
    ["s3", "delta", "5-0"],
    ["", "title", "6-0"],
  ]);
  expect(tabs[4]?.frames()).toEqual([["", "title", "6-0"]]);
});

test("what is followed before the connection opens is in its address; what comes later is told by its tab", () => {
  const board = carrier();
  const first = tab(board);
  const second = tab(board);
  first.say({ type: "follow", strand: "a", conversation: C1, after: "3-0" });
  first.awake();
  const source = open();
  second.awake();
  second.say({ type: "follow", strand: "b", conversation: C2, after: null });

  expect(strandsOf(source)).toEqual([`a.${C1}.3-0`]);
  expect(first.steers()).toEqual([]);
  expect(second.steers()).toEqual([{ follow: [{ strand: "b", conversation_id: C2, after: null }], leave: [] }]);
});

test("a new connection goes on where each log was", () => {
  const board = carrier();
  const one = tab(board);
  one.say({ type: "follow", strand: "a", conversation: C1, after: null });
  one.awake();
  const source = open();
  source.say("ping", {}, "9-0");
  source.say("strand", { strand: "a" });
  source.say("delta", { text: "x" }, "5-0");
  source.say("reconnect", { after_ms: 0 });
  vi.advanceTimersByTime(20);

  const next = open();
  expect(Source.all).toHaveLength(2);
  expect(new URL(next.url, "http://x").searchParams.get("after")).toBe("9-0");
  expect(strandsOf(next)).toEqual([`a.${C1}.5-0`]);
});

test("an event without an id moves no log, and none is taken for another's", () => {
  const board = carrier();
  const one = tab(board);
  one.say({ type: "follow", strand: "a", conversation: C1, after: "3-0" });
  one.awake();
  const source = open();
  source.say("title", { title: "T" }, "9-0");
  source.say("strand", { strand: "a" });
  source.say("snapshot", {});
  source.say("reconnect", { after_ms: 0 });
  vi.advanceTimersByTime(20);

  expect(strandsOf(open())).toEqual([`a.${C1}.3-0`]);
});

test("a conversation that begins is carried by the stream that was reserved, without a word to it", () => {
  const board = carrier();
  const one = tab(board);
  one.awake();
  const source = open();
  one.say({ type: "reserve", strand: "n" });
  source.say("strand", { strand: "n" });
  source.say("message", {}, "1-0");
  const stream = nameOf(source) ?? "";
  one.say({ type: "follow", strand: "n", conversation: C1, after: "1-2", stream });

  expect(one.got).toContainEqual({ type: "reserved", strand: "n", stream });
  expect(one.steers()).toEqual([]);
  expect(one.frames()).toEqual([["n", "message", "1-0"]]);
});

test("one that began while the stream came back is followed by the new stream, from where its log was", () => {
  const board = carrier();
  const one = tab(board);
  one.awake();
  const source = open();
  one.say({ type: "reserve", strand: "n" });
  source.say("reconnect", { after_ms: 0 });
  vi.advanceTimersByTime(20);
  open();
  one.say({ type: "follow", strand: "n", conversation: C1, after: "1-2", stream: nameOf(source) ?? "" });

  expect(one.steers()).toEqual([{ follow: [{ strand: "n", conversation_id: C1, after: "1-2" }], leave: [] }]);
});

test("the connection is let go when no tab needs it, and comes back", () => {
  const board = carrier();
  const [one, two] = [tab(board), tab(board)];
  one.awake();
  two.awake();
  const source = open();
  one.asleep();
  expect(source.readyState).toBe(0);
  two.say({ type: "bye" });
  expect(source.readyState).toBe(2);
  one.awake();
  expect(Source.all).toHaveLength(2);
});

test("what nobody follows any more is told to the stream after a moment", () => {
  const board = carrier();
  const one = tab(board);
  one.say({ type: "follow", strand: "a", conversation: C1, after: null });
  one.awake();
  open();
  one.say({ type: "leave", strand: "a" });
  vi.advanceTimersByTime(1_100);

  expect(one.steers()).toEqual([{ follow: [], leave: ["a"] }]);
});

test("a stream that was steered and does not follow is opened again", () => {
  const board = carrier();
  const one = tab(board);
  one.awake();
  const source = open();
  one.say({ type: "follow", strand: "a", conversation: C1, after: null });
  for (let n = 0; n < 12; n++) {
    source.say("ping", {});
    vi.advanceTimersByTime(1_000);
  }
  expect(strandsOf(Source.all.at(-1) as Source)).toEqual([`a.${C1}`]);
  expect(Source.all.length).toBeGreaterThan(1);
});

test("a tab that the carrier forgot is asked what it follows", () => {
  const board = carrier();
  const one = tab(board);
  one.awake();
  one.say({ type: "bye" });
  one.awake();
  expect(one.got.filter((each) => each.type === "here").map((each) => each.knows)).toEqual([false, false]);
});
