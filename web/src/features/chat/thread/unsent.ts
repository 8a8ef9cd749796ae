/**
 * What was said and the server has not taken yet, kept over a reload, in this tab alone: another one would send it too.
 * Storage that is full or forbidden is the same as none.
 */

import { SAID } from "@/lib/browser/stored";
import { whenForgotten } from "@/lib/forget";
import type { Saying } from "./thread";

/** Keep a conversation's sayings, in their order. */
export function keepUnsent(id: string, sayings: readonly Saying[]): void {
  try {
    if (sayings.length === 0) sessionStorage.removeItem(SAID + id);
    else sessionStorage.setItem(SAID + id, JSON.stringify(sayings.map(({ error: _, ...saying }) => saying)));
  } catch {
    return;
  }
}

/** The sayings that were kept. */
export function unsent(id: string): readonly Saying[] {
  try {
    return read(sessionStorage.getItem(SAID + id));
  } catch {
    return [];
  }
}

/** A saying that failed has lost why. */
function read(kept: string | null): readonly Saying[] {
  const found: unknown = JSON.parse(kept ?? "[]");
  if (!Array.isArray(found)) return [];
  return found.map((saying: Omit<Saying, "error">) => ({ ...saying, error: null }));
}

/** A conversation that has not begun is nobody's: what was said in it is not for the next who signs in. */
whenForgotten(() => keepUnsent("new", []));
