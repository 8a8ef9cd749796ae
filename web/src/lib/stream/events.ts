/** The events of a stream, as the server's token log defines them. Offsets count code points. */

import type { Conversation, Status, Step, ToldMessage } from "../api/types";

export interface MessageAdded {
  readonly kind: "message";
  readonly message: ToldMessage;
}
export interface MessageDeleted {
  readonly kind: "message_deleted";
  /** It is gone, and all that followed from it. */
  readonly message_id: string;
  /** Where the branch ends that the conversation shows from now on. */
  readonly active_leaf_id: string | null;
}
/** What waits to be asked is not as it was; `gone` is one that was dropped or has been asked. */
export interface FollowUpsChanged {
  readonly kind: "follow_ups";
  readonly gone?: string | null;
}
export interface Queued {
  readonly kind: "queued";
  readonly message_id: string;
  readonly position: number;
  /** The attempts that have begun; 0 where it is left out. */
  readonly attempt?: number;
}
export interface Started {
  readonly kind: "started";
  readonly message_id: string;
  readonly attempt: number;
  readonly model: string;
  readonly at: number;
  readonly reasoning_at: number;
  readonly loading: boolean;
  /** How many messages, the oldest, did not fit the model's context, and whether it was sent them in short. */
  readonly left_out: number;
  readonly summarised: boolean;
}
/** The model has called tools and waits for them: the steps tell for what. */
export interface Waiting {
  readonly kind: "waiting";
  readonly message_id: string;
  readonly attempt: number;
  readonly at: number;
  readonly reasoning_at: number;
}
export interface StepChanged {
  readonly kind: "step";
  readonly message_id: string;
  readonly step: Step;
}
export interface Delta {
  readonly kind: "delta";
  readonly message_id: string;
  readonly attempt: number;
  readonly at: number;
  readonly text: string | null;
  readonly reasoning: string | null;
}
export interface Reset {
  readonly kind: "reset";
  readonly message_id: string;
  readonly attempt: number;
  readonly at: number;
  readonly reasoning_at: number;
}
export interface Closed {
  readonly kind: "done" | "stopped" | "failed";
  readonly message: ToldMessage;
  readonly length: number;
  readonly reasoning_length: number;
}
export interface Title {
  readonly kind: "title";
  readonly conversation_id: string;
  readonly title: string;
}
export interface ConversationChanged {
  readonly kind: "conversation";
  readonly conversation: Conversation;
}
export interface ConversationDeleted {
  readonly kind: "conversation_deleted";
  readonly conversation_id: string;
}
export interface Answering {
  readonly kind: "answering";
  readonly conversation_id: string;
  readonly message_id: string;
  readonly status: Status;
  /** A step of it waits for the person's word. */
  readonly asks: boolean;
}
export interface DocumentChanged {
  readonly kind: "document";
}
export interface Snapshot {
  readonly kind: "snapshot";
  readonly message_id: string | null;
  readonly attempt: number;
  readonly status: Status | null;
  readonly model: string | null;
  readonly loading: boolean;
  readonly left_out: number;
  readonly summarised: boolean;
  readonly position: number | null;
  readonly text: string;
  readonly reasoning: string;
}
export interface Sync {
  readonly kind: "sync";
}
export interface Ping {
  readonly kind: "ping";
}
export interface Reconnect {
  readonly kind: "reconnect";
  readonly after_ms: number;
}
export interface SignedOut {
  readonly kind: "signed_out";
  readonly session_id: string | null;
}

export type StreamEvent =
  | MessageAdded
  | MessageDeleted
  | FollowUpsChanged
  | Queued
  | Started
  | Waiting
  | StepChanged
  | Delta
  | Reset
  | Closed
  | Title
  | ConversationChanged
  | ConversationDeleted
  | Answering
  | DocumentChanged
  | Snapshot
  | Sync
  | Ping
  | Reconnect
  | SignedOut;

export const KINDS = [
  "message",
  "message_deleted",
  "follow_ups",
  "queued",
  "started",
  "waiting",
  "step",
  "delta",
  "reset",
  "done",
  "stopped",
  "failed",
  "title",
  "conversation",
  "conversation_deleted",
  "answering",
  "document",
  "snapshot",
  "sync",
  "ping",
  "reconnect",
  "signed_out",
] as const satisfies readonly StreamEvent["kind"][];

/** What the server leaves out of an event because it is the usual value. */
const USUAL: { readonly [kind: string]: object } = {
  message_deleted: { active_leaf_id: null },
  started: { at: 0, reasoning_at: 0, loading: false, left_out: 0, summarised: false },
  waiting: { at: 0, reasoning_at: 0 },
  answering: { asks: false },
  delta: { text: null, reasoning: null },
  reset: { at: 0, reasoning_at: 0 },
  done: { reasoning_length: 0 },
  stopped: { reasoning_length: 0 },
  failed: { reasoning_length: 0 },
  snapshot: {
    message_id: null,
    attempt: 0,
    status: null,
    model: null,
    loading: false,
    left_out: 0,
    summarised: false,
    position: null,
    text: "",
    reasoning: "",
  },
  signed_out: { session_id: null },
};

/** Read an event's data; what it leaves out gets its usual value. Throws SyntaxError. */
export function parseEvent(kind: StreamEvent["kind"], data: string): StreamEvent {
  return { ...USUAL[kind], ...(JSON.parse(data) as object), kind } as StreamEvent;
}
