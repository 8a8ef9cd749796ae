import { expect, test } from "vitest";
import { quoted, withQuote } from "./quote";

test("every line is quoted, and what is asked comes below", () => {
  expect(quoted(" one\n\ntwo \n")).toBe("> one\n>\n> two\n\n");
});

test("a quotation comes after what is there", () => {
  expect(withQuote("", "word")).toBe("> word\n\n");
  expect(withQuote("Before \n", "word")).toBe("Before\n\n> word\n\n");
});
