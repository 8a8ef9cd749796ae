import { describe, expect, test } from "vitest";
import { painter } from "./highlight";
import { common, type Line, PLAIN, repainted, shownOf } from "./painted";

const line = (content: string): Line => [{ content }];
const text = (lines: readonly Line[]) => lines.map((each) => each.map(({ content }) => content).join("")).join("\n");
const told = (from: number, length: number, ...lines: readonly string[]) => ({
  block: 1,
  turn: 0,
  from,
  length,
  lines: lines.map(line),
});

describe("coloured code", () => {
  test("is what the worker told, and after it the rest as it is", () => {
    const painted = repainted(PLAIN, told(0, 5, "a", "b c"), "a\nb c");
    expect(shownOf(painted, "a\nb cd\ne")).toEqual([[line("a"), line("b c")], "d\ne"]);
  });

  test("keeps the lines that did not change", () => {
    const before = repainted(PLAIN, told(0, 3, "a", "b"), "a\nb");
    const after = repainted(before, told(1, 6, "bc", "d"), "a\nbc\nd");
    expect(after.lines[0]).toBe(before.lines[0]);
    expect(text(after.lines)).toBe("a\nbc\nd");
  });

  test("is plain again when the text became another", () => {
    const painted = repainted(PLAIN, told(0, 3, "a", "b"), "a\nb");
    expect(shownOf(painted, "ax")).toEqual([[], "ax"]);
    expect([common("a\nb", "a\nbc"), common("a\nb", "ax"), common("a\nbc", "a\nb")]).toEqual([3, 1, 3]);
  });

  test("says the same however it is cut", async () => {
    const code = 'def one(value: int) -> str:\n    """Say\n    it."""\n    return f"{value}"\n';
    const whole = (await painter("python"))?.paint(code);
    const growing = await painter("python");
    let last = growing?.paint("");
    for (let end = 1; end <= code.length; end++) last = growing?.paint(code.slice(0, end));
    expect(text(last ?? [])).toBe(code);
    expect(last).toEqual(whole);
    expect(await painter("no such language")).toBeNull();
  });
});
