import { expect, test } from "vitest";
import { handleOf, promptsOf } from "./from-file";

test("Open WebUI's export, older and newer", () => {
  const older = [
    { command: "/sum_up", user_id: "u", title: "Sum up", content: "Sum up {{text}}", timestamp: 1 },
    { command: "/empty", title: "Empty", content: "" },
  ];
  const newer = [{ id: "1", command: "mail", name: "Mail", content: "Write", data: {}, access_grants: [] }];
  expect(promptsOf(older)).toEqual([{ handle: "sum-up", name: "Sum up", text: "Sum up {{text}}" }]);
  expect(promptsOf(newer)).toEqual([{ handle: "mail", name: "Mail", text: "Write" }]);
});

test("our own, and names that no letters of ours can say", () => {
  const own = {
    prompts: [
      { handle: "a", name: "A", text: "x", version: 3 },
      { name: "摘要", text: "y" },
    ],
  };
  expect(promptsOf(own)).toEqual([
    { handle: "a", name: "A", text: "x" },
    { handle: "prompt-2", name: "摘要", text: "y" },
  ]);
});

test.each([{}, null, 3, { prompts: "x" }])("%j is none", (json) => {
  expect(promptsOf(json)).toBeNull();
});

test.each([
  ["Legal helper", "legal-helper"],
  ["Übersetzer & Lektor", "ubersetzer-lektor"],
  ["  --x--  ", "x"],
  ["法律助手", ""],
  [`${"a".repeat(39)} b`, "a".repeat(39)],
])("%s is called %s", (name, handle) => {
  expect(handleOf(name)).toBe(handle);
});
