/** The tree of messages: which branch is shown, and what lies beside it. */

import type { Message } from "@/lib/api";

export type Messages = ReadonlyMap<string, Message>;

/** Oldest first. UUIDv7 ids break ties in the order of their making. */
export const byAge = (one: Message, other: Message): number =>
  one.created_at === other.created_at ? (one.id < other.id ? -1 : 1) : one.created_at < other.created_at ? -1 : 1;

/** The answers and questions that share this message's parent, itself included, oldest first. */
export function siblings(messages: Messages, message: Message): readonly Message[] {
  return [...messages.values()]
    .filter((other) => other.parent_id === message.parent_id && other.role === message.role)
    .sort(byAge);
}

/** Siblings of all messages at once, for a long conversation. */
export function children(messages: Messages): ReadonlyMap<string | null, readonly Message[]> {
  const found = new Map<string | null, Message[]>();
  for (const message of [...messages.values()].sort(byAge)) {
    const list = found.get(message.parent_id);
    if (list) list.push(message);
    else found.set(message.parent_id, [message]);
  }
  return found;
}

/** Go down from a message, always to the newest child, and return the end. */
export function leafUnder(messages: Messages, id: string): string {
  const below = children(messages);
  let leaf = id;
  for (let next = below.get(leaf)?.at(-1); next; next = below.get(leaf)?.at(-1)) leaf = next.id;
  return leaf;
}

/** The branch from the root to a leaf; without a known leaf, to the newest message. */
export function branch(messages: Messages, leaf: string | null): readonly Message[] {
  const newest = () => [...messages.values()].sort(byAge).at(-1)?.id;
  const end = leaf !== null && messages.has(leaf) ? leaf : newest();
  if (end === undefined) return [];
  const path: Message[] = [];
  for (let message = messages.get(leafUnder(messages, end)); message; message = messages.get(message.parent_id ?? ""))
    path.push(message);
  return path.reverse();
}

/** The messages without one and all that follows it. */
export function without(messages: Messages, id: string): Messages {
  const below = children(messages);
  const left = new Map(messages);
  const drop = (gone: string) => {
    left.delete(gone);
    for (const child of below.get(gone) ?? []) drop(child.id);
  };
  drop(id);
  return left;
}
