import { expect, test } from "vitest";
import type { Spent } from "@/lib/api/admin";
import { byDay, ranked, tokens, total } from "./usage";

const spent = (day: string, email: string, model: string, completion: number): Spent => ({
  day,
  email,
  model,
  user_id: email,
  answers: 1,
  prompt_tokens: 1,
  completion_tokens: completion,
});
const ITEMS = [
  spent("2026-03-01", "ann", "llama", 10),
  spent("2026-03-01", "bob", "llama", 5),
  spent("2026-02-28", "bob", "qwen", 20),
];

test("every day up to today is there, in order, across the end of a month", () => {
  const days = byDay(ITEMS, 3, new Date("2026-03-01T23:59:00Z"));
  expect(days.map((day) => [day.day, tokens(day), day.answers])).toEqual([
    ["2026-02-27", 0, 0],
    ["2026-02-28", 21, 1],
    ["2026-03-01", 17, 2],
  ]);
});

test("who took the most comes first, of people and of models", () => {
  expect(ranked(ITEMS, "email").map((share) => [share.name, tokens(share)])).toEqual([
    ["bob", 27],
    ["ann", 11],
  ]);
  expect(ranked(ITEMS, "model").map((share) => share.name)).toEqual(["qwen", "llama"]);
});

test("all together are what each took", () => {
  expect(total(ITEMS)).toEqual({ prompt: 3, completion: 35, answers: 3 });
  expect(total([])).toEqual({ prompt: 0, completion: 0, answers: 0 });
});
