import { expect, test } from "vitest";
import { arriving } from "./arriving";

test("what an address brings is one text", () => {
  expect(arriving("?q=Why+is+the+sky+blue%3F")).toBe("Why is the sky blue?");
  expect(arriving("?title=Tides&text=High+at+six&url=https%3A%2F%2Fexample.org%2Ftides")).toBe(
    "Tides\n\nHigh at six\n\nhttps://example.org/tides",
  );
});

test("what is said twice is taken once", () => {
  expect(arriving("?title=Tides&text=Tides+https%3A%2F%2Fexample.org&url=https%3A%2F%2Fexample.org")).toBe(
    "Tides https://example.org",
  );
  expect(arriving("?title=Tides&text=Tides")).toBe("Tides");
});

test("an address that brings nothing is no draft, and a long text has an end", () => {
  expect(arriving("")).toBe("");
  expect(arriving("?other=1&q=+")).toBe("");
  expect(arriving(`?q=${"a".repeat(30_000)}`)).toHaveLength(20_000);
});
