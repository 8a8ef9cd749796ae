/** The threads that this tab has open. Components read through selectors; only what changed renders. */

import { create } from "zustand";
import { whenForgotten } from "@/lib/forget";
import { EMPTY, type Thread } from "./thread";
import { keepUnsent } from "./unsent";

let answering: AbortController | null = null;

/** The thread of a conversation that does not exist yet. */
export const NEW = "new";

/** The thread of the conversation that is never stored. */
export const TEMPORARY = "temporary";

export const useThreads = create<{ readonly threads: Readonly<Record<string, Thread>> }>(() => ({ threads: {} }));

export const threadOf = (id: string): Thread => useThreads.getState().threads[id] ?? EMPTY;

/** Change a thread by a pure function. */
export function update(id: string, how: (thread: Thread) => Thread): Thread {
  const before = threadOf(id);
  const after = how(before);
  if (after.sayings !== before.sayings && id !== TEMPORARY) keepUnsent(id, before.sayings, after.sayings);
  if (after !== before) useThreads.setState(({ threads }) => ({ threads: { ...threads, [id]: after } }));
  return after;
}

export const useThread = <T>(id: string, select: (thread: Thread) => T): T =>
  useThreads(({ threads }) => select(threads[id] ?? EMPTY));

whenForgotten(() => {
  stopTemporary();
  useThreads.setState({ threads: {} });
});

/** Remember what stops the answer of the temporary chat; the answering itself is loaded when it is wanted, see temporary.ts. */
export function beginTemporary(answer: AbortController): void {
  answering = answer;
}

export const stopTemporary = (): void => answering?.abort();

/** Forget all of the temporary chat, and stop what is being answered. */
export function forgetTemporary(): void {
  stopTemporary();
  update(TEMPORARY, () => EMPTY);
}
