/** What the API sends, in the words of its contract. Times are RFC 3339 strings in UTC. */

export type Role = "user" | "assistant";
export type Status = "queued" | "running" | "done" | "stopped" | "failed";

export interface Settings {
  readonly system_prompt?: string;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly max_tokens?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
}

export type Options = Omit<Settings, "system_prompt">;

export interface Conversation {
  readonly id: string;
  readonly title: string | null;
  readonly model: string | null;
  readonly settings: Settings;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly active_leaf_id: string | null;
  readonly answering: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  /** Only in a search: where the words were found, with the words between \u0002 and \u0003. */
  readonly snippet?: string | null;
}

export interface Failure {
  readonly code: string;
  readonly title: string;
  readonly detail?: string | null;
  readonly retryable?: boolean;
}

export interface Usage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly finish_reason?: string | null;
}

export interface Timings {
  readonly queued_ms?: number | null;
  readonly first_token_ms?: number | null;
  readonly total_ms?: number | null;
  readonly tokens_per_s?: number | null;
  readonly left_out?: number | null;
}

export interface Message {
  readonly id: string;
  readonly conversation_id: string;
  readonly parent_id: string | null;
  readonly role: Role;
  readonly content: string;
  readonly reasoning: string;
  readonly status: Status;
  readonly model: string | null;
  readonly attempt: number;
  readonly error: Failure | null;
  readonly usage: Usage | null;
  readonly timings: Timings | null;
  readonly position?: number | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}

/** A message as an event carries it: a text that would not fit a frame is null, a closing event has none. */
export type ToldMessage = Omit<Message, "content" | "reasoning"> & {
  readonly content?: string | null;
  readonly reasoning?: string | null;
};

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export interface MessagePage extends Page<Message> {
  readonly log_id: string | null;
}

export interface Sent {
  readonly user_message: Message;
  readonly answer: Message;
  readonly stream: string;
}

export interface Model {
  readonly name: string;
  readonly display_name?: string;
  readonly pool: string;
  readonly engine: string;
  readonly context_length: number | null;
  readonly state: "loaded" | "cold" | "loading" | "down";
  readonly capabilities: readonly string[];
}

export interface Models {
  readonly items: readonly Model[];
  readonly hint: { readonly code: string; readonly text: string } | null;
}

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly settings: UserSettings;
  readonly created_at: string;
}

/** What a person set for every conversation; the page keeps its own wishes here too. */
export interface UserSettings extends Settings {
  readonly model?: string;
  readonly presets?: readonly Preset[];
}

/** A saved way of answering. */
export interface Preset {
  readonly name: string;
  readonly settings: Settings;
}
