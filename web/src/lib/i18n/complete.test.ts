import { describe, expect, test } from "vitest";
import { ar } from "./ar";
import { fill } from "./catalogue";
import { de } from "./de";
import { en, type Key } from "./en";
import { zh } from "./zh";

const keys = Object.keys(en) as Key[];
const gaps = (sentence: string) => [...sentence.matchAll(/\{(\w+)/g)].map((found) => found[1]).sort();

describe.each([
  ["de", de],
  ["zh", zh],
  ["ar", ar],
] as const)("the catalogue %s", (language, catalogue) => {
  test("has every sentence and no other", () => {
    expect(Object.keys(catalogue).sort()).toEqual([...keys].sort());
  });

  test.each(keys)("%s is there with its gaps", (key) => {
    expect(catalogue[key].trim()).not.toBe("");
    expect(gaps(catalogue[key])).toEqual(gaps(en[key]));
  });

  test("has a form for every number", () => {
    const plural = keys.filter((key) => catalogue[key].includes(", plural,"));
    for (const key of plural) {
      for (let n = 0; n < 120; n++)
        expect(fill(catalogue[key], { count: n, seconds: n }, language)).not.toMatch(/[{}#]/);
    }
  });
});
