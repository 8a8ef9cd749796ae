import { expect, test } from "vitest";
import { divided } from "./thoughts";

test.each([
  ["<think>Hm.</think>\n\nYes.", "Yes.", "Hm."],
  ["\n<thinking>\nHm.\n</thinking>Yes.", "Yes.", "Hm."],
  ["The user asks.\n</think>\n\nThe fox.", "The fox.", "The user asks."],
  ["Briefly.</think>\nThe fox.", "The fox.", "Briefly."],
  ["<think>a <think>b</think> c</think>Yes.", "Yes.", "a\n\nb\n\nc"],
  ["<think>a</think>One.\n<think>b</think>\nTwo.", "One.\n\nTwo.", "a\n\nb"],
  ["<think>never closed", "", "never closed"],
  ["<think></think>Yes.", "Yes.", ""],
])("%j is divided", (text, words, thoughts) => {
  const found = divided(text);
  expect([found.words.trim(), found.thoughts]).toEqual([words, thoughts]);
});

test.each([
  "Models write <think> before </think> what they think.",
  "Write `</think>`\nafter it.",
  "```xml\n<think>\nx\n</think>\n```\nThat is all.",
  "1 < 2",
])("%j are words", (text) => expect(divided(text)).toEqual({ words: text, thoughts: "" }));
