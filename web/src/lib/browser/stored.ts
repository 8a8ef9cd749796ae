/** Small things this browser remembers. Storage that is full or forbidden is the same as none. */

import { useCallback, useSyncExternalStore } from "react";

const PREFIX = "olamchat.";
const listeners = new Set<() => void>();

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keep a value under a name; null or "" forgets it. */
export function remember(name: string, value: string | null): void {
  try {
    if (value) localStorage.setItem(PREFIX + name, value);
    else localStorage.removeItem(PREFIX + name);
  } catch {
    return;
  } finally {
    for (const listener of listeners) listener();
  }
}

/** Forget all that belongs to a person, and keep what belongs to the browser. */
export function forgetPerson(): void {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(`${PREFIX}draft.`)) localStorage.removeItem(name);
  } catch {
    return;
  }
}

/** A remembered value that renders anew when this or another tab changes it. */
export function useStored(name: string): readonly [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(
    listen,
    () => recall(name),
    () => null,
  );
  const set = useCallback((next: string | null) => remember(name, next), [name]);
  return [value, set];
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}
