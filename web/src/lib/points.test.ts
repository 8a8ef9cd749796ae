import { expect, test } from "vitest";
import { countPoints, firstPoints } from "./points";

const texts = ["", "plain", "é👩‍👩‍👧‍👦 ok", "\ud83d", "\udc00a\ud800", "😀".repeat(50), "混合 text 😀"];

test.each(texts)("%j has as many code points as Array.from says", (text) => {
  expect(countPoints(text)).toBe(Array.from(text).length);
});

test.each(texts)("%j is cut where Array.from would cut it", (text) => {
  const all = Array.from(text);
  for (let points = 0; points <= all.length; points++)
    expect(firstPoints(text, all.length, points)).toBe(all.slice(0, points).join(""));
});
