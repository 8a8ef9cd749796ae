import { expect, test } from "vitest";
import { daysOf } from "./days";

const at = (...times: string[]) => times.map((time) => ({ created_at: new Date(time).toISOString() }));

test("a conversation of one day has no days in it", () => {
  expect(daysOf(at("2026-03-01T00:00:01", "2026-03-01T23:59:59"))).toEqual([]);
  expect(daysOf([])).toEqual([]);
});

test("each day begins with its first message", () => {
  const path = at("2026-03-01T23:59:59", "2026-03-02T00:00:01", "2026-03-02T09:00:00", "2026-03-05T09:00:00");
  expect(daysOf(path)).toEqual([path[0]?.created_at, path[1]?.created_at, null, path[3]?.created_at]);
});

test("who went back to an older branch sees its day again", () => {
  const path = at("2026-03-02T10:00:00", "2026-03-01T10:00:00");
  expect(daysOf(path)).toEqual(path.map(({ created_at }) => created_at));
});
