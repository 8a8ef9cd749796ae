import { expect, test } from "vitest";
import { filled, type Known, variablesOf } from "./variables";

const known: Known = { now: new Date(2026, 10, 30, 12, 5), language: "en-GB", userName: "Ada" };

test.each([
  ["{{topic}}", [{ name: "topic", type: "text", fallback: "" }]],
  ["{{ two words }} {{two words}}", [{ name: "two words" }]],
  ['{{lines | number:min=1:default="3"}}', [{ name: "lines", type: "number", fallback: "3" }]],
  ["{{n|number:default=4}}", [{ name: "n", type: "number", fallback: "4" }]],
  [
    '{{tone | select:options=["plain","very formal"]:default="plain"}}',
    [{ type: "select", options: ["plain", "very formal"], fallback: "plain" }],
  ],
  ['{{text | textarea:placeholder="a: b":required}}', [{ type: "textarea", placeholder: "a: b", required: true }]],
  ['{{quote | text:default="say \\"hi\\""}}', [{ fallback: 'say "hi"' }]],
  ["{{what | unheard-of}}", [{ type: "text" }]],
  ["{{CURRENT_DATE}} {{x}}", [{ name: "x" }]],
  ["{single} {{ }} {{{}}", []],
  ["{{constructor}} {{ | text}}", [{ name: "constructor" }]],
])("%s", (text, wanted) => {
  expect(variablesOf(text)).toMatchObject(wanted);
  expect(variablesOf(text)).toHaveLength(wanted.length);
});

test("values fill every hole of their name, and the page knows some by itself", () => {
  const text = "{{who}} on {{CURRENT_DATE}}: {{ who | text }}, {{gone}} {{USER_NAME}} {{CURRENT_WEEKDAY}}";
  expect(filled(text, new Map([["who", "$& {{who}}"]]), known)).toBe(
    "$& {{who}} on 30/11/2026: $& {{who}},  Ada Monday",
  );
});

test("a text without holes stays", () => {
  expect(filled("a {b} }} c", new Map(), known)).toBe("a {b} }} c");
});

test("what every object has is a variable like others", () => {
  expect(filled("{{constructor}} {{toString}} {{ }}", new Map([["constructor", "me"]]), known)).toBe("me  {{ }}");
});

test("a hole that never closes is read in no time, however long it is", () => {
  const text = `{{a |${" ".repeat(50_000)}`;
  expect(variablesOf(text)).toEqual([]);
  expect(filled(text, new Map(), known)).toBe(text);
});
