/** What tests share: an export read at once, and messages in one line each. */

import { conversations } from "./files";
import type { Left, Parsed, Said, Source, Talk } from "./talk";

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** All that a JSON text holds. */
export async function parsedOf(...texts: readonly string[]): Promise<Parsed> {
  const talks: Talk[] = [];
  const left: Left[] = [];
  for (const text of texts)
    for await (const parsed of conversations(once(text))) {
      talks.push(...parsed.talks);
      left.push(...parsed.left);
    }
  return { talks, left };
}

/** A file that has been read. */
export const sourceOf = (
  talks: readonly Talk[],
  left: readonly Left[] = [],
  files: Source["files"] = new Map(),
): Source => ({
  found: async function* () {
    yield { talks: [], left };
    for (const talk of talks) yield { talks: [talk], left: [] };
  },
  part: () => 0.5,
  files,
});

export const drawn = (messages: readonly Said[]) =>
  messages.map((each) => `${each.id}<${each.parent ?? ""} ${each.role === "user" ? "Q" : "A"} ${each.content}`);
