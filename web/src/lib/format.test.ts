import { describe, expect, test } from "vitest";
import { dayOf, timeOfDay } from "./format";

const NOW = new Date("2026-03-05T12:00:00");
const at = (time: string) => new Date(time).toISOString();

describe("a day as one speaks of it", () => {
  test.each([
    ["2026-03-05T00:00:01", "en", "Today"],
    ["2026-03-04T23:59:59", "en", "Yesterday"],
    ["2026-03-02T09:00:00", "en", "Monday, March 2"],
    ["2025-12-31T09:00:00", "en", "Wednesday, December 31, 2025"],
    ["2026-03-04T09:00:00", "de", "Gestern"],
    ["2026-03-02T09:00:00", "de", "Montag, 2. März"],
    ["2026-03-05T09:00:00", "zh", "今天"],
  ])("%s in %s", (time, language, expected) => {
    expect(dayOf(at(time), language, NOW)).toBe(expected);
  });
});

test("the time of day is the reader's", () => {
  expect(timeOfDay(at("2026-03-05T14:05:00"), "de")).toBe("14:05");
});
