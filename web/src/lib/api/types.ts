/** What the API sends and takes, by short names. The shapes are the server's own: generated.ts is made from its code. */

import type { components } from "./generated";

type Schemas = components["schemas"];

/** A shape whose empty fields are left out instead of being null. */
type Given<T> = { readonly [Name in keyof T]: Exclude<T[Name], null> };

export type Message = Schemas["Message"];
export type Role = Message["role"];
export type Status = Message["status"];
export type Thumb = NonNullable<Message["feedback"]>;
export type Failure = Schemas["Failure"];
export type Usage = Schemas["Usage"];
export type Timings = Schemas["Timings"];
export type MessagePage = Schemas["Messages"];
export type Sent = Schemas["Sent"];
export type Begun = Omit<Schemas["Begun"], "conversation"> & { readonly conversation: Conversation };
export type FollowedBy = Schemas["FollowedBy"];
export type Answering = Schemas["Answering"];
/** A message that was sent while an answer is written. */
export type FollowUp = Schemas["WaitingMessage"];
export type Question = Schemas["Ask"];

export type Settings = Given<Schemas["Settings"]>;
export type Options = Given<Schemas["Options"]>;

export type Conversation = Omit<Schemas["Conversation"], "settings"> & { readonly settings: Settings };

export type ConversationChange = Schemas["ChangeConversation"];

/** A call of a tool, as messages and events have it; the whole of one is fetched by itself. */
export type Step = Schemas["Step"];
export type WholeStep = Schemas["WholeStep"];
export type Citation = Schemas["Citation"];
export type Decision = Schemas["Decide"]["decision"];
export type ToolServer = Schemas["UsableServer"];

export type Model = Schemas["Model"];
export type Models = Schemas["Models"];

export type User = Omit<Schemas["User"], "settings"> & { readonly settings: UserSettings };

/** Who may have an account, and by which provider. */
export type Joining = Schemas["Joining"];

export type AccountChange = Given<Omit<Schemas["ChangeMe"], "settings">> & { readonly settings?: UserSettings };

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

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** A message as an event carries it: a text that would not fit a frame is null, a closing event has none. */
export type ToldMessage = Omit<Message, "content" | "reasoning"> & {
  readonly content?: string | null;
  readonly reasoning?: string | null;
};
