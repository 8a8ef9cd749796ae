import { describe, expect, test } from "vitest";
import { besides, draftOf, settingsOf } from "./fields";

const empty = draftOf({});

describe("the settings form", () => {
  test("gives back what it was given", () => {
    const settings = {
      system_prompt: "Be brief.",
      temperature: 0.7,
      top_p: 0.9,
      max_tokens: 200,
      seed: 7,
      stop: ["END", "\u2003x"],
    };
    expect(settingsOf(draftOf(settings))).toEqual({ settings, wrong: {} });
  });

  test("leaves alone what it doesn't show", () => {
    const before = { temperature: 1, seed: 7, tools: ["web"], collections: ["c"], effort: "low" } as const;
    const { settings } = settingsOf({ ...draftOf(before), temperature: "" });
    expect(besides(before, settings)).toEqual({ seed: 7, tools: ["web"], collections: ["c"], effort: "low" });
  });

  test("leaves out what is empty", () => {
    expect(settingsOf({ ...empty, system_prompt: "  " })).toEqual({ settings: {}, wrong: {} });
  });

  test("takes a decimal comma", () => {
    expect(settingsOf({ ...empty, temperature: "0,5" }).settings.temperature).toBe(0.5);
  });

  test.each([
    ["temperature", "2.1"],
    ["temperature", "warm"],
    ["top_p", "-0.1"],
    ["max_tokens", "0"],
    ["max_tokens", "1.5"],
    ["seed", "Infinity"],
  ] as const)("refuses %s %s", (field, text) => {
    expect(settingsOf({ ...empty, [field]: text }).wrong).toEqual({ [field]: true });
  });

  test("refuses a ninth stop", () => {
    expect(settingsOf({ ...empty, stop: "abcdefghi".split("").join("\n") }).wrong).toEqual({ stop: true });
  });
});
