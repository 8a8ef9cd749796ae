import { describe, expect, it } from "vitest";
import type { Step } from "@/lib/api";
import { asks } from "../../thread/answer";
import { parts, pretty, summary } from "./parts";

const step = (number: number, at: number, state: Step["state"] = "done"): Step => ({
  number,
  at,
  state,
  attempt: 1,
  revision: 1,
  server: "demo",
  tool: "echo",
  title: "Echo",
  effect: "read",
  outside: false,
  arguments: "{}",
  preview: "",
  sources: [],
  passages: 0,
  error: null,
  decision: null,
  question: null,
  reasoning_at: 0,
  progress: null,
  created_at: "2026-11-30T00:00:00Z",
  started_at: null,
  finished_at: null,
});

describe("parts", () => {
  it("is one part where no tool was called", () => {
    expect(parts("Hello.", 6, [])).toEqual([{ at: 6, text: "Hello.", steps: [] }]);
  });

  it("cuts by code points, and loses and doubles nothing", () => {
    const cut = parts("a😀b|c", 5, [step(1, 2), step(2, 4), step(3, 4)]);

    expect(cut.map(({ text }) => text)).toEqual(["a😀", "b|", "c"]);
    expect(cut.map(({ steps }) => steps.map(({ number }) => number))).toEqual([[1], [2, 3], []]);
  });

  it("puts a step beyond the text at its end", () => {
    expect(parts("ab", 2, [step(1, 9)]).map(({ text }) => text)).toEqual(["ab", ""]);
  });
});

describe("what a step says", () => {
  it("asks before it is done, and when nobody knows whether it was", () => {
    expect([step(1, 0, "proposed"), step(1, 0, "unknown"), step(1, 0, "running")].map(asks)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("shows the first words of the arguments", () => {
    expect(summary('{"limit": 3, "query": "tide\\n tables"}')).toBe("tide tables");
    expect(summary('{"limit": 3}')).toBe("3");
    expect(summary("{broken")).toBe("{broken");
    expect(summary("{}")).toBe("");
  });

  it("sets arguments out, also broken ones", () => {
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty("{broken")).toBe("{broken");
  });
});
