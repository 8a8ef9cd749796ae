import { expect, test } from "vitest";
import { lex } from "./reader";
import { MOST_OPEN, shallow } from "./shallow";

const marks = (mask: string) => [...mask.matchAll(/\*+|_+|~~+/g)].length;

test.each([
  "a *b* **c** _d_ __e__ ~~f~~ ***g***",
  "2 * 3 * 4 and a_b_c, *args, **kwargs",
  "**bold *within* it** ".repeat(200),
  "word *a* ".repeat(1_000),
])("what people write keeps its marks: %j", (text) => expect(shallow(text)).toBe(text));

test("so many may be open at once, and those that close the others are gone with them", () => {
  expect(marks(shallow("**a *b ".repeat(500)))).toBe(MOST_OPEN);
  expect(marks(shallow(`${"**a _b ".repeat(500)}x${"_c**".repeat(500)}`))).toBe(2 * MOST_OPEN);
});

test("after what was too deep, marks are marks again", () => {
  const deep = `${"**a _b ".repeat(200)}x${"_c**".repeat(200)}`;
  expect(shallow(`${deep} and **bold**`).endsWith(" and **bold**")).toBe(true);
});

test.each([
  ["**a *b ", "* **"],
  ["_a __b ", "__ _"],
  ["~~a ", "~~"],
])("two thousand %j within each other don't hold the page up", (open, close) => {
  const text = `${open.repeat(2_000)}x${close.repeat(2_000)}`;
  expect(lex(text, {})[0]?.raw).toBe(text);
});
