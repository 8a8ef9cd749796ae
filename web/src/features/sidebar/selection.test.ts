import { expect, test } from "vitest";
import { all, extended, type Selection, toggled } from "./selection";

const NOTHING: Selection = { ids: new Set(), from: null };
const shown = ["a", "b", "c", "d"];
const ids = (selection: Selection) => [...selection.ids].sort().join("");

test("one is chosen and taken out again", () => {
  expect(ids(toggled(NOTHING, "b"))).toBe("b");
  expect(ids(toggled(toggled(NOTHING, "b"), "b"))).toBe("");
});

test("a range goes from the last one chosen, in either direction, and keeps what was chosen", () => {
  expect(ids(extended(toggled(NOTHING, "d"), "b", shown))).toBe("bcd");
  expect(ids(extended(toggled(toggled(NOTHING, "d"), "a"), "b", shown))).toBe("abd");
  expect(ids(extended(NOTHING, "c", shown))).toBe("c");
});

test("all that is shown, and then nothing", () => {
  expect(ids(all(NOTHING, shown))).toBe("abcd");
  expect(ids(all(all(NOTHING, shown), shown))).toBe("");
});
