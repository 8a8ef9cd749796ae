/** Keeps what was said in the conversations and not taken yet in the outbox of this browser, for the person who is signed in. */

import { OfflineError } from "@/lib/api";
import { whenForgotten } from "@/lib/forget";
import { keepRows, type Row } from "@/lib/outbox";
import type { Saying } from "./thread";

let owner: string | null = null;

/** Who says what is said from now on. */
export const setOwner = (id: string): void => {
  owner = id;
};

/** Write down how the sayings of a conversation have changed. */
export function keepUnsent(chat: string, before: readonly Saying[], after: readonly Saying[]): void {
  if (owner === null) return;
  const kept = after.filter((saying) => !before.includes(saying)).map((saying) => rowOf(chat, saying, owner ?? ""));
  const gone = before.filter(({ key }) => !after.some((saying) => saying.key === key)).map(({ key }) => key);
  void keepRows(kept, gone);
}

function rowOf(chat: string, { error, ...saying }: Saying, owner: string): Omit<Row, "tab"> {
  // What only lacked the network goes out by itself; what was refused waits for the person.
  const state = saying.state === "failed" && error instanceof OfflineError ? "sending" : saying.state;
  return { key: saying.key, owner, chat, at: saying.at, saying: { ...saying, state } };
}

/** Read a saying back; one that failed has lost why. */
export const sayingOf = (row: Row): Saying => ({ ...(row.saying as Omit<Saying, "error">), error: null });

whenForgotten(() => {
  owner = null;
});
