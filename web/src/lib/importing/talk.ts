/** A conversation on its way in: what the API takes, and why something is left behind. */

import type { components } from "../api/generated";

/** What the API takes. */
export type Sent = components["schemas"]["ImportConversation"];
type SentMessage = components["schemas"]["ImportedMessage"];

/** A file of a message, by its place in the ZIP. */
export interface Enclosure {
  readonly name: string;
  readonly path: string;
}

/** A message as it was read: its files have not been sent yet. */
export type Said = Omit<SentMessage, "attachments"> & { readonly files?: readonly Enclosure[] };
export type Talk = Omit<Sent, "messages"> & { readonly messages: readonly Said[] };

export type Why =
  | "empty"
  | "unreadable"
  | "tooLarge"
  | "cutOff"
  | "refused"
  | "trimmed"
  | "files"
  | "file"
  | "fileTooLarge"
  | "canvas"
  | "tools"
  | "parts";

/** Something that did not come in, or not whole. */
export interface Left {
  readonly title: string;
  readonly why: Why;
  /** What is left behind, or the server's words where it refused. */
  readonly detail?: string;
}

/** What a part of a file holds: conversations, and what of it can't come in. */
export interface Parsed {
  readonly talks: readonly Talk[];
  readonly left: readonly Left[];
}

/** A file that is read as it is imported: no more than one conversation of it is in memory. */
export interface Source {
  readonly found: () => AsyncIterable<Parsed>;
  /** How much of it has been read, of 1. */
  readonly part: () => number;
  /** How to read what lies beside the conversations in their ZIP. */
  readonly files: Files;
}

export type Files = ReadonlyMap<string, Packed>;

/** A file in a ZIP, read when it is wanted. */
export interface Packed {
  readonly bytes: number;
  readonly read: () => Promise<Blob>;
}

/** A text that is read when it is wanted: a file, or what a ZIP has of one. */
export interface Text {
  readonly size: number;
  readonly stream: () => ReadableStream<Uint8Array>;
}

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text that can be kept: no NUL, no half of a surrogate pair. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? value.replaceAll("\0", "").replace(/\p{Surrogate}/gu, "\ufffd") : "";

/** A name within its bounds, null where there is none. */
export const nameOf = (value: unknown, most = 200): string | null =>
  [...textOf(value).trim()].slice(0, most).join("").trim() || null;

/** Seconds or milliseconds since 1970, or a text, as RFC 3339; null for what is no time. */
export function timeOf(value: unknown): string | null {
  const ms = typeof value === "number" ? (value > 1e11 ? value : value * 1000) : Date.parse(textOf(value));
  return Number.isFinite(ms) && ms > 0 && ms < 4e12 ? new Date(ms).toISOString() : null;
}
