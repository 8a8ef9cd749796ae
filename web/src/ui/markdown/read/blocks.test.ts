import { tests } from "commonmark-spec";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test } from "vitest";
import { renderToken } from "../show/tokens";
import { type Blocks, NOTHING, read } from "./blocks";
import { prepareClosing } from "./closing";
import { ROW } from "./rows";

beforeAll(prepareClosing);

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

const BESIDE = `Le forfait coûte 100$/mois ou 1000$/an, $a_1$. 这是**“重点”**内容。[^1]

<details open>
<summary>**More**</summary>

- one ==two==

\`\`\`html
</details>
\`\`\`

</details>

See [the page][1].

1. one

   loose
2. two[^n]

| a | b |
| - | - |
| H<sub>2</sub>O | \\(x\\) |
| c | d |
[^1]: Weather
service.
[^n]: One.

    Two.

\\[
x
\\]

[1]: https://example.org/1
`;

const settled = (blocks: Blocks) => blocks.rows.flat();
const all = (blocks: Blocks) => [...settled(blocks), ...blocks.growing];
const kinds = (blocks: Blocks) => all(blocks).map((block) => block.token.type);

function stream(text: string, step: number): readonly Blocks[] {
  const states: Blocks[] = [];
  for (let end = step; end < text.length; end += step)
    states.push(read(text.slice(0, end), states.at(-1) ?? NOTHING, true));
  return [...states, read(text, states.at(-1) ?? NOTHING, false)];
}

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
      settled(states[index] as Blocks).forEach((block, at) => {
        expect(settled(state)[at]).toBe(block);
      });
    });
  });

  test("never changes a row of blocks that is full", () => {
    const states = stream("a paragraph\n\n".repeat(3 * ROW), 20);
    const { rows } = states.at(-1) as Blocks;
    expect(rows.map((row) => row.length)).toEqual([ROW, ROW, ROW - 1]);
    for (const state of states.filter((each) => each.rows.length > 1)) expect(state.rows[0]).toBe(rows[0]);
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
    expect(read("onX", before, true).rows).toEqual([]);
  });

  test("knows the depth of the first heading once that is settled", () => {
    const begun = read("Hello.\n\n#", NOTHING, true);
    const more = read("Hello.\n\n### One\n\nText", begun, true);
    expect([begun.top, more.top, read("Hello.\n\n### One\n\nText\n\n# Two\n\nx", more, true).top]).toEqual([
      null,
      3,
      3,
    ]);
  });

  test("reads formulas, and leaves money alone", () => {
    const tokens = JSON.stringify(
      read("It costs $5 and $10, but $a_1$ and \\(b\\) are formulas.", NOTHING, false).growing[0],
    );
    expect(tokens.match(/"type":"math"/g)).toHaveLength(2);
  });
});

describe("the examples of CommonMark, letter by letter", () => {
  const html = (state: Blocks) =>
    all(state).map(({ start, token, parts }) => [start, renderToStaticMarkup(renderToken(token, true, parts))]);

  test("and what models write beside it", () => {
    expect(html(stream(BESIDE, 1).at(-1) as Blocks)).toEqual(html(read(BESIDE, NOTHING, false)));
    expect(html(stream(BESIDE.replaceAll("\n", "\r\n"), 1).at(-1) as Blocks)).toEqual(
      html(read(BESIDE, NOTHING, false)),
    );
  });

  for (const { number, markdown } of tests) {
    const text = markdown.replaceAll("→", "\t");
    test(`${number} end as if they had come at once`, () => {
      expect(html(stream(text, 1).at(-1) as Blocks)).toEqual(html(read(text, NOTHING, false)));
    });
  }
});
