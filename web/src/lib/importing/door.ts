/** What an import asks of the server. It is handed in, so that tests hand in another. */

import { ProblemError, passing } from "../api";
import { call, get } from "../api/call";
import { fileLimits, upload } from "../api/files";
import type { components } from "../api/generated";
import type { Sent, Talk } from "./talk";

type Schemas = components["schemas"];
export type Imported = Schemas["Imported"];

export interface Door {
  readonly send: (talk: Sent, signal: AbortSignal) => Promise<Imported>;
  /** Tell whether a conversation came before. */
  readonly known: (talk: Talk) => Promise<boolean>;
  /** Keep a file and return its id. */
  readonly upload: (file: File, signal: AbortSignal) => Promise<string>;
  /** How many bytes a file may have. */
  readonly most: () => Promise<number>;
  readonly pause: (ms: number) => Promise<void>;
}

export const DOOR: Door = {
  send: (talk, signal) => call<Imported>("POST", "/api/conversations/import", { body: talk, signal }),
  known: ({ source, source_id }) =>
    get<Schemas["CameBefore"]>(`/api/conversations/import?${new URLSearchParams({ source, source_id })}`).then(
      (told) => told.known,
    ),
  upload: (file, signal) => upload(file, { signal, onProgress: () => undefined }).then(({ id }) => id),
  most: () => fileLimits().then((limits) => limits.file_bytes),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const TRIES = 6;

/** Do something, again and again while what stands against it may pass. */
export async function insistently<T>(work: () => Promise<T>, pause: Door["pause"]): Promise<T> {
  for (let again = 1; ; again++) {
    try {
      return await work();
    } catch (error) {
      if (!passing(error) || again >= TRIES) throw error;
      await pause((retryAfterS(error) ?? 2 ** again) * 1000);
    }
  }
}

/** Tell whether the server refused this one thing: that stops nothing else. */
export const isRefusal = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && error.code !== "not_signed_in" && !passing(error);

const retryAfterS = (error: unknown) => (error instanceof ProblemError ? error.retryAfterS : null);
