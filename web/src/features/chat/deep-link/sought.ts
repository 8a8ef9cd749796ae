/** The message that somebody was led to: it is brought into sight and marked for a moment. */

import { create } from "zustand";

const MARKED_MS = 2_500;

interface Sought {
  readonly id: string | null;
  /** older: it is being fetched. here: it is in the list and not in sight yet. marked: it has just come into sight. seen: it has been marked. */
  readonly state: "older" | "here" | "marked" | "seen";
}

const NOTHING: Sought = { id: null, state: "seen" };

export const useSought = create<Sought>(() => NOTHING);

export const seek = (id: string, state: "older" | "here"): void => useSought.setState({ id, state });

export const seekNothing = (): void => useSought.setState(NOTHING);

/** Mark the message that has come into sight, for a moment. */
export function markSought(): void {
  const { id } = useSought.getState();
  useSought.setState({ state: "marked" });
  setTimeout(() => {
    const now = useSought.getState();
    if (now.id === id && now.state === "marked") useSought.setState({ state: "seen" });
  }, MARKED_MS);
}
