import { describe, expect, it } from "vitest";
import type { Step } from "@/lib/api";
import { reasonOf } from "./names";

const step = (more: Partial<Step>): Step => ({ state: "proposed", effect: "read", error: null, ...more }) as Step;

describe("reasonOf", () => {
  it("says that an address comes from the model, and otherwise what a tool does", () => {
    expect(reasonOf(step({ error: { code: "made_up_address", message: "" } }))).toBe("step.madeUpAbout");
    expect(reasonOf(step({}))).toBe("step.readAbout");
    expect(reasonOf(step({ effect: "write" }))).toBe("step.writeAbout");
    expect(reasonOf(step({ state: "unknown", effect: "write" }))).toBe("step.maybeAbout");
  });
});
