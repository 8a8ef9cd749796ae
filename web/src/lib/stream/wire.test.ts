import { expect, test } from "vitest";
import { pauseMs } from "./wire";

test("pauses grow, stay bounded, and differ between readers", () => {
  expect([0, 1, 2, 3].map((tries) => pauseMs(tries, 1))).toEqual([250, 500, 1000, 2000]);
  expect(pauseMs(20, 1)).toBe(15_000);
  expect(pauseMs(3, 0)).toBe(1000);
});
