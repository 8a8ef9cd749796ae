import { describe, expect, test } from "vitest";
import { cited, hostOf, passagesOf, sourcesOf, withSources } from "./sources";

const source = (name: string, number = 1) => ({ url: `https://${name}.example/`, title: name, number });

describe("the sources of an answer", () => {
  test("are numbered through its steps, each address once", () => {
    const steps = [{ sources: [source("a"), source("b")] }, {}, { sources: [source("b"), source("c")] }];
    expect(sourcesOf(steps).map(({ title }) => title)).toEqual(["a", "b", "c"]);
  });

  test("count on from the passages of documents that the answer was given", () => {
    const steps = [{ passages: 3 }, { passages: 3, sources: [source("a"), source("b")] }];
    expect(sourcesOf(steps).map(({ number }) => number)).toEqual([4, 5]);
    expect(withSources("See [5].", sourcesOf(steps))).toContain("[5]: <https://b.example/>");
  });

  test("are none, and the same none, where no step brought any", () => {
    expect(sourcesOf([])).toBe(sourcesOf([{ sources: [] }]));
  });

  test("are defined before a text that cites, and before no other", () => {
    expect(withSources("See [1].", [source("a")])).toBe("[1]: <https://a.example/>\n\nSee [1].");
    expect(withSources("See it.", [source("a")])).toBe("See it.");
    expect(withSources("See [1].", [])).toBe("See [1].");
  });

  test("can't break out of their definition", () => {
    const bad = { ...source("a"), url: "https://a.example/>\n\n# x <y" };
    expect(withSources("[1]", [bad]).split("\n")).toHaveLength(3);
  });

  test("are cited by their numbers alone", () => {
    expect([...cited("As [1] and [3][2] say, not [x] or [1234].")]).toEqual([1, 3, 2]);
  });
});

test("a website is known by its host", () => {
  expect(hostOf("https://www.tides.example/a?b")).toBe("tides.example");
  expect(hostOf("nothing")).toBe("nothing");
});

test("a passage's number leads to the list under its answer", () => {
  expect(withSources("See [2].", passagesOf([{ number: 2 }]))).toBe("[2]: <#passage-2>\n\nSee [2].");
  expect(passagesOf(undefined)).toEqual([]);
});
