/** The list as it is shown: pinned first, then by day. */

import type { Conversation } from "@/lib/api";
import { type Age, ageOf } from "@/lib/format";

export interface Group {
  readonly age: Age | "pinned";
  readonly items: readonly Conversation[];
}

/** Divide conversations, newest first, into the groups that are not empty. */
export function groups(conversations: readonly Conversation[], now: Date): readonly Group[] {
  const found = new Map<Group["age"], Conversation[]>([["pinned", []]]);
  for (const conversation of conversations) {
    const age = conversation.pinned ? "pinned" : ageOf(conversation.updated_at, now);
    const list = found.get(age);
    if (list) list.push(conversation);
    else found.set(age, [conversation]);
  }
  return [...found].map(([age, items]) => ({ age, items })).filter(({ items }) => items.length > 0);
}
