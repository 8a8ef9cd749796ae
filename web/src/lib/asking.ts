/** Conversations in which a step waits for the person's word. */

import { create } from "zustand";

export const useAsking = create<{ readonly ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

export const setAsking = (ids: readonly string[]): void => useAsking.setState({ ids: new Set(ids) });

export const markAsking = (id: string): void => useAsking.setState(({ ids }) => ({ ids: new Set(ids).add(id) }));

export const unmarkAsking = (id: string): void =>
  useAsking.setState(({ ids }) => (ids.has(id) ? { ids: new Set([...ids].filter((other) => other !== id)) } : { ids }));
