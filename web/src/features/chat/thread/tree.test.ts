import { describe, expect, test } from "vitest";
import type { Message } from "@/lib/api";
import { branch, leafUnder, type Messages, siblings, without } from "./tree";

const row = (id: string, parent: string | null, role: "user" | "assistant", second: number): Message =>
  ({ id, parent_id: parent, role, created_at: `2026-01-01T00:00:${String(second).padStart(2, "0")}Z` }) as Message;

/** q1 → a1 → q2 → a2; a1 has a sibling a1b → q3; q1 has an edited version q1b → a1c. */
const tree: Messages = new Map(
  [
    row("q1", null, "user", 1),
    row("a1", "q1", "assistant", 2),
    row("q2", "a1", "user", 3),
    row("a2", "q2", "assistant", 4),
    row("a1b", "q1", "assistant", 5),
    row("q3", "a1b", "user", 6),
    row("q1b", null, "user", 7),
    row("a1c", "q1b", "assistant", 8),
  ].map((message) => [message.id, message]),
);
const ids = (messages: readonly Message[]) => messages.map((message) => message.id);
const of = (id: string) => tree.get(id) as Message;

describe("the tree of messages", () => {
  test("shows the branch that ends at the leaf", () => {
    expect(ids(branch(tree, "a2"))).toEqual(["q1", "a1", "q2", "a2"]);
  });

  test("goes on to the newest end under a message in the middle", () => {
    expect(ids(branch(tree, "a1"))).toEqual(["q1", "a1", "q2", "a2"]);
    expect(leafUnder(tree, "q1")).toBe("q3");
  });

  test("shows the newest branch where the leaf is not known", () => {
    expect(ids(branch(tree, "gone"))).toEqual(["q1b", "a1c"]);
    expect(ids(branch(tree, null))).toEqual(["q1b", "a1c"]);
    expect(branch(new Map(), null)).toEqual([]);
  });

  test("lists the versions of a message, oldest first", () => {
    expect(ids(siblings(tree, of("a1b")))).toEqual(["a1", "a1b"]);
    expect(ids(siblings(tree, of("q1")))).toEqual(["q1", "q1b"]);
  });

  test("loses a message with all that follows it", () => {
    expect([...without(tree, "a1").keys()]).toEqual(["q1", "a1b", "q3", "q1b", "a1c"]);
  });
});
