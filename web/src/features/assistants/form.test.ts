import { expect, test } from "vitest";
import { EMPTY, settingsOf, startersOf } from "./form";

test("starters are lines, the empty ones left out", () => {
  expect(startersOf(" One?\n\n Two? \n")).toEqual(["One?", "Two?"]);
  expect(startersOf("x\n".repeat(20))).toHaveLength(8);
});

test("a form says what it shows, over what it doesn't", () => {
  const form = new FormData();
  form.set("name", " Legal ");
  form.set("temperature", "0.5");
  form.set("top_p", "");
  const said = settingsOf(
    form,
    { ...EMPTY, tools: ["notes"], approvals: { notes: "always", gone: "writes" }, groups: ["g"] },
    { options: { seed: 7 } } as never,
  );
  expect(said).toMatchObject({ name: "Legal", options: { temperature: 0.5, seed: 7 }, tools: ["notes"], groups: [] });
  expect(said.approvals).toEqual({ notes: "always" });
});
