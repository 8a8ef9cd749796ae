import { describe, expect, test } from "vitest";
import { fill } from "./catalogue";

describe("a sentence", () => {
  test("takes its values", () => {
    expect(fill("Hello {name}, {name}!", { name: "Ada" }, "en")).toBe("Hello Ada, Ada!");
  });

  test("writes numbers as its language does", () => {
    expect(fill("{n}", { n: 1234.5 }, "de")).toBe("1.234,5");
  });

  test.each([
    [1, "one: 1"],
    [2, "2 many"],
  ])("takes the plural form of %i", (n, words) => {
    expect(fill("{n, plural, one:one: #, other:# many}", { n }, "en")).toBe(words);
  });

  test("knows the six forms of Arabic", () => {
    const forms = "{n, plural, zero:z, one:o, two:t, few:f, many:m, other:x}";
    expect([0, 1, 2, 3, 11, 100].map((n) => fill(forms, { n }, "ar")).join("")).toBe("zotfmx");
  });

  test("keeps a gap that has no value", () => {
    expect(fill("{left}", {}, "en")).toBe("{left}");
  });
});
