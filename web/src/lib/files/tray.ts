/** The files that wait beside a draft, as values: on their way, there, or refused. */

import type { Attachment, FileLimits } from "../api/files";

export interface Waiting {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  readonly image: boolean;
  /** The file itself while it may still have to be sent; null once it is there, or after a reload. */
  readonly file: File | null;
  readonly share: number;
  readonly kept: Attachment | null;
  readonly error: unknown;
}

export const isReady = (one: Waiting): boolean => one.kept !== null;
export const isComing = (one: Waiting): boolean => one.kept === null && one.error === null;

/** What stands against a file before it is sent. */
export type Objection = "tooLarge" | "tooMany" | "empty";

export function objection(file: Pick<File, "size">, before: number, limits: FileLimits | undefined): Objection | null {
  if (file.size === 0) return "empty";
  if (limits === undefined) return null;
  if (before >= limits.files_per_message) return "tooMany";
  return file.size > limits.file_bytes ? "tooLarge" : null;
}

export const waitingOf = (file: File, key: string): Waiting => ({
  key,
  name: file.name || "file",
  bytes: file.size,
  image: file.type.startsWith("image/") && file.type !== "image/svg+xml",
  file,
  share: 0,
  kept: null,
  error: null,
});

/** A file that was there before, as a draft or a message remembers it. */
export const waitingFor = (kept: Attachment): Waiting => ({
  key: kept.id,
  name: kept.name,
  bytes: kept.bytes,
  image: kept.kind === "image",
  file: null,
  share: 1,
  kept,
  error: null,
});

/** Read what a draft remembered; anything else is nothing. */
export function remembered(text: string | null): readonly Waiting[] {
  try {
    const told: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(told) ? told.filter(isAttachment).map(waitingFor) : [];
  } catch {
    return [];
  }
}

function isAttachment(value: unknown): value is Attachment {
  const told = value as Partial<Attachment> | null;
  return typeof told?.id === "string" && typeof told.name === "string" && typeof told.bytes === "number";
}
