/**
 * One answer while it is written: a value, and what each event of the stream does to it.
 *
 * Offsets count code points. An event either fits what is here, or the function says what the reader must do:
 * fetch the messages (an answer that is not known) or start the stream anew (a gap).
 */

import type { Message, Status, Step, ToldMessage } from "@/lib/api";
import { countPoints, firstPoints } from "@/lib/points";
import type { Closed, Delta, Queued, Reset, Snapshot, Started, StepChanged, Waiting } from "@/lib/stream";

/** A text and how many code points it has. */
export interface Grown {
  readonly text: string;
  readonly length: number;
}

export interface Answer {
  readonly messageId: string;
  readonly attempt: number;
  readonly status: Status;
  readonly model: string | null;
  /** The engine is loading the model. */
  readonly loading: boolean;
  /** How many older messages the model was not sent, and whether it was sent them in short. */
  readonly leftOut: number;
  readonly summarised: boolean;
  readonly position: number | null;
  readonly text: Grown;
  readonly reasoning: Grown;
  /** The tools it called, in their order. */
  readonly steps: readonly Step[];
  /** Another worker went on where one was lost. */
  readonly takenOver: boolean;
  /** When the first reasoning and the first text came, in the reader's milliseconds. */
  readonly thinkingAt: number | null;
  readonly writingAt: number | null;
  /** How long the text was when `writingAt` was set, to tell the speed from there. */
  readonly writtenBefore: number;
  readonly closed: Closing | null;
}

/** How an answer ended: its row, and whether the texts here are whole. */
export interface Closing {
  readonly row: ToldMessage;
  readonly whole: boolean;
}

export type AnswerEvent = Queued | Started | Waiting | StepChanged | Delta | Reset | Closed | Snapshot;
/** What the reader must do besides. */
export type Want = "nothing" | "messages" | "restart";

export interface Told {
  readonly answer: Answer | null;
  readonly want: Want;
}

const EMPTY: Grown = { text: "", length: 0 };
export const grown = (text: string): Grown => (text === "" ? EMPTY : { text, length: countPoints(text) });

/** Begin with a row as the API shows it. */
export function answerOf(row: Message): Answer {
  return {
    messageId: row.id,
    attempt: row.attempt,
    status: row.status,
    model: row.model,
    loading: false,
    leftOut: row.timings?.left_out ?? 0,
    summarised: row.timings?.summarised ?? false,
    position: row.position ?? null,
    text: grown(row.content),
    reasoning: grown(row.reasoning),
    steps: row.steps ?? [],
    takenOver: false,
    thinkingAt: null,
    writingAt: null,
    writtenBefore: 0,
    closed: null,
  };
}

/** Tell an answer an event. `row` finds the message of an answer that was not followed so far. */
export function tell(
  answer: Answer | null,
  event: AnswerEvent,
  now: number,
  row: (id: string) => Message | null,
): Told {
  if (event.kind === "snapshot") return isOver(event, row) ? { answer, want: "nothing" } : snapshot(answer, event, now);
  const id = "message" in event ? event.message.id : event.message_id;
  const known = answer?.messageId === id ? answer : openedBy(event, row(id));
  if (known === null) return { answer, want: "messages" };
  switch (event.kind) {
    case "queued":
      if ((event.attempt ?? 0) < known.attempt) return ok(known);
      return ok({ ...reopened(known), ...requeued(known), position: event.position, loading: false });
    case "started":
      return started(known, event);
    case "waiting":
      return waiting(known, event);
    case "step":
      return ok({ ...known, steps: withStep(known.steps, event.step) });
    case "delta":
      return delta(known, event, now);
    case "reset":
      return reset(known, event);
    default:
      return ok(close(known, event));
  }
}

const ok = (answer: Answer): Told => ({ answer, want: "nothing" });

/** A closing event of an answer that is known and over says nothing new; any other event opens the row. */
function openedBy(event: Exclude<AnswerEvent, Snapshot>, row: Message | null): Answer | null {
  if (row === null || row.role !== "assistant") return null;
  if (event.kind === "delta" && event.at > 0 && row.content === "" && row.reasoning === "") return null;
  const opened = answerOf(row);
  // The row may be ahead of the stream, which tells an older attempt's words first, or behind it: these words are heard.
  const flying = row.status === "queued" || row.status === "running" || row.status === "waiting";
  if (!flying || !("attempt" in event) || event.attempt === undefined) return opened;
  return event.kind === "delta" || event.attempt < opened.attempt ? { ...opened, attempt: event.attempt } : opened;
}

const reopened = (answer: Answer): Answer =>
  answer.closed === null
    ? answer
    : { ...answer, closed: null, takenOver: false, thinkingAt: null, writingAt: null, writtenBefore: 0 };

/** An answer that was being written and waits again has lost its worker. */
const requeued = (answer: Answer) => ({
  status: "queued" as const,
  takenOver: answer.closed === null && (answer.takenOver || answer.status === "running"),
});

function started(answer: Answer, event: Started): Told {
  const over = answer.closed !== null && event.attempt === answer.attempt;
  if (event.attempt < answer.attempt || over) return ok(answer);
  if (event.at > answer.text.length || event.reasoning_at > answer.reasoning.length) return { answer, want: "restart" };
  const another = event.attempt > answer.attempt && answer.status === "running" && answer.closed === null;
  return ok({
    ...reopened(answer),
    attempt: event.attempt,
    status: "running",
    model: event.model,
    loading: event.loading,
    leftOut: event.left_out,
    summarised: event.summarised,
    position: null,
    text: first(answer.text, event.at),
    reasoning: first(answer.reasoning, event.reasoning_at),
    takenOver: answer.takenOver || another,
  });
}

/** The worker has let go of the answer; the text stays as it is until the steps have ended. */
function waiting(answer: Answer, event: Waiting): Told {
  if (event.attempt < answer.attempt || answer.closed !== null) return ok(answer);
  if (event.at > answer.text.length || event.reasoning_at > answer.reasoning.length) return { answer, want: "restart" };
  return ok({ ...answer, attempt: event.attempt, status: "waiting", loading: false, position: null });
}

/** Put a step in; of two tellings the one with the higher revision is the newer. */
export function withStep(steps: readonly Step[], step: Step): readonly Step[] {
  const known = steps.find(({ number }) => number === step.number);
  if (known === undefined) return [...steps, step].sort((one, other) => one.number - other.number);
  if (known.revision > step.revision) return steps;
  return steps.map((each) => (each === known ? step : each));
}

function delta(answer: Answer, event: Delta, now: number): Told {
  if (event.attempt < answer.attempt || answer.closed !== null) return ok(answer);
  const into = event.text === null ? answer.reasoning : answer.text;
  if (event.at > into.length || event.attempt > answer.attempt) return { answer, want: "restart" };
  const whole = joined(into, event.at, event.text ?? event.reasoning ?? "");
  const next: Answer = { ...answer, attempt: event.attempt, status: "running", loading: false, position: null };
  if (event.text === null) return ok({ ...next, reasoning: whole, thinkingAt: answer.thinkingAt ?? now });
  const since = answer.writingAt === null ? { writingAt: now, writtenBefore: into.length } : {};
  return ok({ ...next, text: whole, ...since });
}

function reset(answer: Answer, event: Reset): Told {
  if (event.attempt < answer.attempt || answer.closed !== null) return ok(answer);
  if (event.at > answer.text.length || event.reasoning_at > answer.reasoning.length) return { answer, want: "restart" };
  return ok({
    ...answer,
    attempt: event.attempt,
    text: first(answer.text, event.at),
    reasoning: first(answer.reasoning, event.reasoning_at),
    writingAt: null,
  });
}

function close(answer: Answer, event: Closed): Answer {
  const { status, model, attempt } = event.message;
  if (attempt < answer.attempt) return answer;
  // Texts of equal length may differ where more than one attempt wrote them (a lost Redis in between): the row says.
  const alone = attempt <= 1 && answer.attempt <= 1;
  const whole = alone && answer.text.length === event.length && answer.reasoning.length === event.reasoning_length;
  return { ...answer, status, model, attempt, loading: false, position: null, closed: { row: event.message, whole } };
}

function snapshot(answer: Answer | null, event: Snapshot, now: number): Told {
  if (event.message_id === null) {
    const over = answer === null || answer.closed !== null;
    return { answer: over ? answer : null, want: over ? "nothing" : "messages" };
  }
  const same = answer?.messageId === event.message_id && answer.closed === null ? answer : null;
  const text = grown(event.text);
  const reasoning = grown(event.reasoning);
  return ok({
    messageId: event.message_id,
    attempt: event.attempt,
    status: event.status ?? "running",
    model: event.model,
    loading: event.loading,
    leftOut: event.left_out,
    summarised: event.summarised,
    position: event.position,
    text,
    reasoning,
    steps: answer?.messageId === event.message_id ? answer.steps : [],
    takenOver: same !== null && (same.takenOver || (same.status === "running" && isAnother(event, same))),
    thinkingAt: same?.thinkingAt ?? (reasoning.length > 0 ? now : null),
    writingAt: same?.writingAt ?? (text.length > 0 ? now : null),
    writtenBefore: same?.writingAt ? same.writtenBefore : text.length,
    closed: null,
  });
}

/**
 * Tell whether the row of the same attempt has ended already: then the log has forgotten the end (a Redis replica that was behind was
 * promoted), and nobody will tell it again.
 */
function isOver(event: Snapshot, rowOf: (id: string) => Message | null): boolean {
  if (event.message_id === null || (event.status ?? "running") !== "running") return false;
  const row = rowOf(event.message_id);
  return row !== null && ENDED.has(row.status) && row.attempt >= event.attempt;
}

const ENDED: ReadonlySet<string> = new Set(["done", "stopped", "failed"]);

const isAnother = (event: Snapshot, answer: Answer): boolean =>
  event.attempt > answer.attempt || event.status === "queued";

const first = (grown: Grown, points: number): Grown =>
  points >= grown.length ? grown : { text: firstPoints(grown.text, grown.length, points), length: points };

/** The text up to `at`, then `more`; a piece that is there already changes nothing. */
function joined(grown: Grown, at: number, more: string): Grown {
  const length = at + countPoints(more);
  if (at === grown.length) return { text: grown.text + more, length };
  const head = firstPoints(grown.text, grown.length, at);
  if (length <= grown.length && grown.text.startsWith(more, head.length)) return grown;
  return { text: head + more, length };
}

/** The message to show and keep: the row as it was told, with the texts that were streamed. */
export function finished(answer: Answer): Message | null {
  if (answer.closed === null) return null;
  const { row } = answer.closed;
  return { ...row, content: answer.text.text, reasoning: answer.reasoning.text, steps: row.steps ?? answer.steps };
}

/** Tell whether a step waits for the person's word. */
export const asks = (step: Step): boolean =>
  step.state === "proposed" || step.state === "unknown" || Boolean(step.question);
