/** A conversation as this tab has it: its messages, the answer that is being written, and what each event does to both. */

import type { Beginning, Message, MessagePage, ToldMessage } from "@/lib/api";
import type { Attachment } from "@/lib/api/files";
import type { Link, StreamEvent } from "@/lib/stream";
import { type Answer, answerOf, finished, tell, type Want } from "./answer";
import { leafUnder, type Messages, without } from "./tree";

/** Something said here that the server has not taken yet. */
export interface Saying {
  /** The idempotency key of its sending. */
  readonly key: string;
  readonly content: string;
  readonly attachments: readonly Attachment[];
  /** undefined: after what is shown; else the message that it follows (null: the root). */
  readonly parentId: string | null | undefined;
  /** The parent that it was sent with, while nobody knows whether it arrived: sent again it has to be the same. */
  readonly sentWith: { readonly parent_id?: string | null } | null;
  /** What the conversation that it begins was to have, for the same reason. */
  readonly begunWith?: Beginning | null;
  /** When it was said, in milliseconds. */
  readonly at: number;
  /** In a conversation that has not begun: the saying that begins it, where that is another. */
  readonly follows?: string | null;
  readonly state: "sending" | "waiting" | "failed";
  readonly error: unknown;
  /** It is to stop the answer that is being written. */
  readonly steer?: boolean;
  /** It goes to those that wait on the server, also when it is sent again. */
  readonly queued?: boolean;
}

export interface Thread {
  readonly messages: Messages;
  readonly loaded: boolean;
  /** The cursor to older messages. */
  readonly older: string | null;
  /** The log's tail when the newest page was read, and where the last snapshot reached to. */
  readonly logId: string | null;
  readonly snapshotId: string | null;
  /** Whether it was begun here, and all of it is in the log after `logId`. */
  readonly begun: boolean;
  /** The branch that is shown ends here. */
  readonly leaf: string | null;
  readonly answer: Answer | null;
  readonly link: Link;
  /** When the link was lost, in the reader's milliseconds. */
  readonly lostAt: number | null;
  readonly sayings: readonly Saying[];
  /** Rises with each word of what waits on the server; 0 while there was none. */
  readonly waits: number;
}

export const EMPTY: Thread = {
  messages: new Map(),
  loaded: false,
  older: null,
  logId: null,
  snapshotId: null,
  begun: false,
  leaf: null,
  answer: null,
  link: "connecting",
  lostAt: null,
  sayings: [],
  waits: 0,
};

export const inFlight = (message: Pick<Message, "status">): boolean =>
  message.status === "queued" || message.status === "running" || message.status === "waiting";

/**
 * Put rows in; a row never undoes what a newer attempt or a closing has said. `fresh` rows were read after what is here:
 * only they may set a finished answer back in the line.
 */
export function put(thread: Thread, rows: readonly Message[], fresh = false): Thread {
  const messages = new Map(thread.messages);
  for (const row of rows) {
    const known = messages.get(row.id);
    if (known === undefined || !outdated(row, known, fresh)) messages.set(row.id, known ? withKnown(row, known) : row);
  }
  return { ...thread, messages };
}

/** What a row does not tell stays as it is known. */
const withKnown = (row: Message, known: Message): Message => ({
  ...row,
  steps: row.steps ?? known.steps ?? null,
  citations: row.citations ?? known.citations ?? null,
});

function outdated(row: Message, known: Message, fresh: boolean): boolean {
  if (row.attempt !== known.attempt) return row.attempt < known.attempt;
  return inFlight(row) && !inFlight(known) && !(fresh && row.status === "queued");
}

const NONE: Messages = new Map();

/**
 * Take a page of messages in. The newest page replaces what it covers: rows deleted elsewhere go, if they were `known` already
 * when the page was asked for. What came since then can't be in it.
 */
export function merged(thread: Thread, page: MessagePage, kind: "newest" | "older", known: Messages = NONE): Thread {
  const oldest = page.items[0]?.created_at ?? "";
  const gone = (message: Message) =>
    kind === "newest" &&
    known.has(message.id) &&
    (page.next_cursor === null || message.created_at >= oldest) &&
    !page.items.some((row) => row.id === message.id) &&
    !inFlight(message);
  const messages = new Map([...thread.messages].filter(([, message]) => !gone(message)));
  const next = put({ ...thread, messages }, page.items);
  const keepCursor = kind === "newest" && thread.loaded;
  const flying = page.items.map((row) => next.messages.get(row.id)).find((row) => row !== undefined && inFlight(row));
  return {
    ...next,
    loaded: true,
    waits: thread.waits + (page.follow_ups ?? 0),
    older: keepCursor ? thread.older : page.next_cursor,
    logId: kind === "newest" ? page.log_id : thread.logId,
    answer: followed(unended(next.answer, next.messages), flying),
  };
}

/** The answer, unless its row says that it is over: then its closing was told before this tab listened. */
function unended(answer: Answer | null, messages: Messages): Answer | null {
  const row = answer?.closed === null ? messages.get(answer.messageId) : undefined;
  return answer !== null && row !== undefined && !inFlight(row) && row.attempt >= answer.attempt ? null : answer;
}

/** Which answer is followed after rows came: one in flight that is not followed yet is. */
function followed(answer: Answer | null, flying: Message | undefined): Answer | null {
  if (flying === undefined) return answer;
  if (answer === null || answer.messageId !== flying.id) return answerOf(flying);
  const again = answer.closed !== null && (flying.status === "queued" || flying.attempt > answer.attempt);
  return again ? answerOf(flying) : answer;
}

/** Tell the thread an event; says what the reader must do besides. */
export function told(
  thread: Thread,
  event: StreamEvent,
  now: number,
): { readonly thread: Thread; readonly want: Want } {
  switch (event.kind) {
    case "message":
      return added(thread, event.message);
    case "message_deleted":
      return { thread: removed(thread, event.message_id), want: "nothing" };
    case "follow_ups":
      return { thread: { ...thread, waits: thread.waits + 1 }, want: "nothing" };
    case "sync":
      return { thread, want: "messages" };
    case "queued":
    case "started":
    case "waiting":
    case "step":
    case "delta":
    case "reset":
    case "snapshot":
    case "done":
    case "stopped":
    case "failed": {
      const { answer, want } = tell(thread.answer, event, now, (id) => thread.messages.get(id) ?? null);
      const next = { ...thread, answer };
      const unknown = event.kind === "snapshot" && event.message_id !== null && !thread.messages.has(event.message_id);
      return kept(next, unknown ? "messages" : want);
    }
    default:
      return { thread, want: "nothing" };
  }
}

/** Keep a finished answer among the messages; one whose texts are not whole is fetched. */
function kept(thread: Thread, want: Want): { readonly thread: Thread; readonly want: Want } {
  const row = thread.answer === null ? null : finished(thread.answer);
  if (row === null || thread.answer?.closed?.row === undefined) return { thread, want };
  const messages = new Map(thread.messages).set(row.id, row);
  return { thread: { ...thread, messages }, want: thread.answer.closed.whole ? want : "messages" };
}

function added(thread: Thread, row: ToldMessage): { readonly thread: Thread; readonly want: Want } {
  const known = thread.messages.get(row.id);
  const cut = row.content === null && known === undefined;
  const whole: Message = {
    ...row,
    content: row.content ?? known?.content ?? "",
    reasoning: row.reasoning ?? known?.reasoning ?? "",
  };
  const next = put(thread, [whole], true);
  const leaf = known === undefined && followsLeaf(thread, whole) ? whole.id : thread.leaf;
  const kept = next.messages.get(whole.id);
  const answer = kept !== undefined && inFlight(kept) ? followed(next.answer, kept) : next.answer;
  return { thread: { ...next, leaf, answer }, want: cut ? "messages" : "nothing" };
}

/** A new message is shown when it grows out of the branch that is shown. */
const followsLeaf = (thread: Thread, row: Message): boolean => {
  if (thread.leaf === null || row.parent_id === null) return true;
  for (let id: string | null = thread.leaf; id !== null; id = thread.messages.get(id)?.parent_id ?? null)
    if (id === row.parent_id) return true;
  return false;
};

/** Show the branch that goes through a message. */
export const shown = (thread: Thread, id: string): Thread => ({ ...thread, leaf: leafUnder(thread.messages, id) });

/** Take a message away with all that follows from it; where it was shown, what lies beside it is shown then. */
export function removed(thread: Thread, id: string): Thread {
  const gone = thread.messages.get(id);
  if (gone === undefined) return thread;
  const messages = without(thread.messages, id);
  const leaf = thread.leaf === null || messages.has(thread.leaf) ? thread.leaf : gone.parent_id;
  return {
    ...thread,
    messages,
    leaf,
    answer: thread.answer && messages.has(thread.answer.messageId) ? thread.answer : null,
  };
}

/** The message as it is right now: the answer that is written shows through its row. */
export function live(thread: Thread, message: Message): Answer | null {
  const { answer } = thread;
  if (answer === null || answer.messageId !== message.id) return null;
  return answer.closed === null ? answer : null;
}

/**
 * Tell whether messages may be missing or have ended meanwhile: the page was read at another point of the log than the snapshot starts from.
 * One that lies before it is of a log that has forgotten its end.
 */
export const behind = (thread: Thread): boolean =>
  thread.loaded && thread.logId !== null && thread.snapshotId !== null && thread.logId !== thread.snapshotId;

export const isAnswering = (thread: Thread): boolean => thread.answer !== null && thread.answer.closed === null;
