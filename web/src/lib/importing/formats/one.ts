/** What all readers do with one conversation: straighten it, and name what is left behind. */

import { isObject, type Json, type Left, nameOf, type Parsed, type Talk, textOf, type Why } from "../talk";
import { type Node, straighten } from "../tree";

/** What of a conversation can't come in, with what it is called where that says more. */
export class LeftBehind {
  private readonly found = new Map<Why, Set<string>>();

  add(why: Why, detail = ""): void {
    const details = this.found.get(why) ?? new Set();
    this.found.set(why, details.add(detail.trim()));
  }

  /** Each reason once. */
  of(title: string): Left[] {
    return [...this.found].map(([why, details]) => {
      const detail = [...details].filter(Boolean).join(", ");
      return detail ? { title, why, detail } : { title, why };
    });
  }
}

export interface Read {
  readonly title: unknown;
  readonly nodes: readonly Node[];
  /** The node that was shown last. */
  readonly shown?: unknown;
  readonly left: LeftBehind;
  readonly about: Omit<Talk, "title" | "messages" | "shown">;
}

/** The conversation with its report. */
export function finished({ title: given, nodes, shown: node, left, about }: Read): Parsed {
  const title = nameOf(given) ?? "";
  const tree = straighten(nodes);
  if (tree.messages.length === 0) return { talks: [], left: [...left.of(title), { title, why: "empty" }] };
  const shown = tree.nameOf(textOf(node));
  const talk: Talk = {
    ...about,
    title: title || null,
    ...(shown === undefined ? {} : { shown }),
    messages: tree.messages,
  };
  return { talks: [talk], left: left.of(title) };
}

export const unreadable = (title: unknown): Parsed => ({
  talks: [],
  left: [{ title: nameOf(title) ?? "", why: "unreadable" }],
});

/** What it is called there, or, without that, when it was and its title. */
export const idOf = (id: unknown, at: string | null, title: unknown): string =>
  nameOf(id) ?? `${at} ${nameOf(title) ?? ""}`.slice(0, 200);

export const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
