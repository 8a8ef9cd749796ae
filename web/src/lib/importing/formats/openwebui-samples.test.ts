import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { divided, joined } from "../thoughts";
import { withoutDetails } from "./openwebui-details";

interface Sample {
  readonly content: string;
  readonly words: string;
  readonly thoughts: string;
  readonly tools: boolean;
}

// The same samples hold local/moving/thoughts.py, which moves whole houses in, to the same rules.
const file = new URL("../../../../../tests/samples/openwebui.json", import.meta.url);
const SAMPLES = JSON.parse(readFileSync(file, "utf8")) as readonly Sample[];

test.each(SAMPLES)("an answer is divided alike on the page and in the terminal: $content", (sample) => {
  let tools = false;
  const outside = withoutDetails(sample.content, () => {
    tools = true;
  });
  const inside = divided(outside.words);

  expect({
    words: inside.words.trim(),
    thoughts: joined([outside.thoughts, inside.thoughts]),
    tools,
  }).toEqual({ words: sample.words, thoughts: sample.thoughts, tools: sample.tools });
});
