/** The tree of a conversation as the pieces between its forks. */

import type { Message } from "@/lib/api";
import { children, type Messages } from "../../thread/tree";

/** From a fork, or the beginning, to the next fork or an end. */
export interface Segment {
  readonly first: Message;
  /** How many messages it has. */
  readonly count: number;
  /** How many forks lie before it. */
  readonly depth: number;
}

/** All segments in the order in which they are read: each before those that grow out of it, older branches first. */
export function segments(messages: Messages): readonly Segment[] {
  const below = children(messages);
  const roots = [...messages.values()].filter(({ parent_id }) => parent_id === null || !messages.has(parent_id));
  const found: Segment[] = [];
  const waiting = [...new Set(roots.map(({ parent_id }) => parent_id))]
    .flatMap((parent) => below.get(parent) ?? [])
    .reverse()
    .map((first) => ({ first, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { first, depth } = next;
    let count = 1;
    let ahead = below.get(first.id) ?? [];
    for (; ahead.length === 1 && ahead[0]; count += 1) ahead = below.get(ahead[0].id) ?? [];
    found.push({ first, count, depth });
    waiting.push(...[...ahead].reverse().map((child) => ({ first: child, depth: depth + 1 })));
  }
  return found;
}
