import { expect, test } from "vitest";
import type { Message } from "@/lib/api";
import { segments } from "./segments";

const row = (id: string, parent: string | null, second: number) =>
  [
    id,
    { id, parent_id: parent, created_at: `2026-01-01T00:00:${String(second).padStart(2, "0")}Z` } as Message,
  ] as const;
const told = (...rows: readonly (readonly [string, Message])[]) =>
  segments(new Map(rows)).map(({ first, count, depth }) => `${" ".repeat(depth)}${first.id} ${count}`);

test("a conversation without forks is one piece", () => {
  expect(told(row("q1", null, 1), row("a1", "q1", 2), row("q2", "a1", 3))).toEqual(["q1 3"]);
});

test("each fork begins pieces of its own, the older first", () => {
  const tree = [
    row("q1", null, 1),
    row("a1", "q1", 2),
    row("q2", "a1", 3),
    row("a2", "q2", 4),
    row("a2b", "q2", 5),
    row("a1b", "q1", 6),
    row("q1b", null, 7),
  ];
  expect(told(...tree)).toEqual(["q1 1", " a1 2", "  a2 1", "  a2b 1", " a1b 1", "q1b 1"]);
});

test("what older pages have is left out", () => {
  expect(told(row("q2", "a1", 3), row("a2", "q2", 4))).toEqual(["q2 2"]);
});

test("a thousand forks, one in the other, are no problem", () => {
  const rows = Array.from({ length: 1_000 }, (_, n) => [
    row(`m${n}`, n === 0 ? null : `m${n - 1}`, 1),
    row(`x${n}`, n === 0 ? null : `m${n - 1}`, 2),
  ]).flat();
  expect(segments(new Map(rows))).toHaveLength(2_000);
});
