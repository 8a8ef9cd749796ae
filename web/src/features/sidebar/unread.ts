/** Conversations in which an answer ended while nobody looked, in this browser. */

import { create } from "zustand";

export const useUnread = create<{ readonly ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

export const markUnread = (id: string): void => useUnread.setState(({ ids }) => ({ ids: new Set(ids).add(id) }));

export const markRead = (id: string): void =>
  useUnread.setState(({ ids }) => (ids.has(id) ? { ids: new Set([...ids].filter((other) => other !== id)) } : { ids }));
