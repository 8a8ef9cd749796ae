import { describe, expect, test } from "vitest";
import { type Blocks, NOTHING, read } from "./blocks";

const TEXT = `# Title

Some **bold** text with [a link](https://example.org).

- one
- two

  with a paragraph

\`\`\`python
# no heading

print("hi")
\`\`\`

| a | b |
| --- | --- |
| 1 | 2 |

$$
x = 1
$$

The end.
`;

const kinds = (blocks: Blocks) => [...blocks.settled, ...blocks.growing].map((block) => block.token.type);

function stream(text: string, step: number): readonly Blocks[] {
  const states: Blocks[] = [];
  for (let end = step; end < text.length; end += step)
    states.push(read(text.slice(0, end), states.at(-1) ?? NOTHING, true));
  return [...states, read(text, states.at(-1) ?? NOTHING, false)];
}

const all = (blocks: Blocks) => [...blocks.settled, ...blocks.growing];

describe("Markdown that grows", () => {
  test.each([1, 3, 7, 50])("ends as if it had come at once (%i at a time)", (step) => {
    const whole = read(TEXT, NOTHING, false);
    const grown = stream(TEXT, step).at(-1) as Blocks;
    expect(all(grown).map((block) => [block.start, block.raw.trimEnd()])).toEqual(
      all(whole).map((block) => [block.start, block.raw.trimEnd()]),
    );
  });

  test("never changes a block that is settled", () => {
    const states = stream(TEXT, 3);
    states.slice(1, -1).forEach((state, index) => {
      (states[index] as Blocks).settled.forEach((block, at) => {
        expect(state.settled[at]).toBe(block);
      });
    });
  });

  test("keeps an open fence one block of code", () => {
    const state = read("Look:\n\n```py\n# a\n\nprint(", NOTHING, true);
    expect(kinds(state)).toEqual(["paragraph", "code"]);
  });

  test("closes marks that are still open", () => {
    const state = read("This is **bo", NOTHING, true);
    expect(JSON.stringify(state.growing[0]?.token)).toContain('"strong"');
  });

  test("goes on in the same block when a finished text is continued", () => {
    const over = read("one\n\n1 2 3", NOTHING, false);
    expect(kinds(read("one\n\n1 2 3 4", over, true))).toEqual(["paragraph", "paragraph"]);
  });

  test("begins anew when the text was taken back", () => {
    const before = read("one\n\ntwo\n\nthr", NOTHING, true);
    expect(read("onX", before, true).settled).toEqual([]);
  });

  test("reads formulas, and leaves money alone", () => {
    const tokens = JSON.stringify(
      read("It costs $5 and $10, but $a_1$ and \\(b\\) are formulas.", NOTHING, false).growing[0],
    );
    expect(tokens.match(/"type":"math"/g)).toHaveLength(2);
  });
});
