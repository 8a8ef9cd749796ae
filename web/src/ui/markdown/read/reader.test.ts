/** Markdown as models write it: the texts of public reports, and their kinds. */

import type { Token } from "marked";
import { describe, expect, test } from "vitest";
import { DEEPEST, lex } from "./reader";

/** The text of each token of a type, wherever it is. */
function found(text: string, type: string): string[] {
  const into = (token: Token): string[] => {
    const generic = token as Record<string, unknown>;
    const inside = [generic.tokens, generic.items, generic.summary].flatMap((each) => (each ?? []) as Token[]);
    return [...(token.type === type ? [textOf(token)] : []), ...inside.flatMap(into)];
  };
  return lex(text, {}).flatMap(into);
}
const textOf = (token: Token): string =>
  "text" in token && typeof token.text === "string"
    ? token.text
    : ((token as { tokens?: Token[] }).tokens ?? []).map(textOf).join("");

describe("dollars", () => {
  test.each([
    "Le forfait coûte 100$/mois ou 1000$/an.",
    "Es kostet 20$, später 30$.",
    "Exchange: 1$=0,92€, 5$=4,60€.",
    "Set $HOME:$PATH first, then $A:$B and $HOME/$USER.",
    "From $5 to $10, $5-$10, $100,$200, **$5**/**$10**.",
    "It costs $5 or 10$ more.",
    "US$30 and CA$40, $20K/month to US$30.",
    "echo $MY_VAR$OTHER",
  ])("are no formula in %j", (text) => expect(found(text, "math")).toEqual([]));

  test.each([
    ["But $a_1$ and \\(b\\) are.", ["a_1", "b"]],
    ["The $n$th of $2^n$s, $x$-axis, $x$/$y$.", ["n", "2^n", "x", "x", "y"]],
    ["价格为$x+y$元。", ["x+y"]],
    ["$x = 5$ and $5 + 3 = 8$ ($O(n \\log n)$).", ["x = 5", "5 + 3 = 8", "O(n \\log n)"]],
    ["$$\nx\n$$", ["x"]],
    ["$$x$$ and $$y$$", ["x", "y"]],
    ["\\[x\\] and \\[y\\]", ["x", "y"]],
    ["10$^{-3}$ m at 5$^\\circ$C, H$_{2}$O", ["^{-3}", "^\\circ", "_{2}"]],
    ["$p \\text{ if } q$", ["p \\text{ if } q"]],
  ])("are a formula in %j", (text, formulas) => expect(found(text, "math")).toEqual(formulas));
});

describe("bold beside Chinese, Japanese and Korean", () => {
  test.each([
    ["这是**“重点”**内容，**注意：**请看。", ["“重点”", "注意："]],
    ["**（注）**这里", ["（注）"]],
    ["これは**「重要」**です。", ["「重要」"]],
    ["**중요(필독)**입니다", ["중요(필독)"]],
    ["请用**`git`**命令", ["`git`"]],
    ["**A。**B**c**d", ["A。", "c"]],
    ["前**中**后", ["中"]],
    ["**100%**です。**《书》**的", ["100%", "《书》"]],
  ])("is bold in %j", (text, bold) => expect(found(text, "strong")).toEqual(bold));

  test("other scripts are read as CommonMark reads them", () => {
    expect(found('a**"b"**c. Then 2**3**4 * 5 ** 6', "strong")).toEqual(["c. Then 2", "4 * 5 ** 6"].slice(0, 1));
    expect(found("*（斜）*体", "em")).toEqual(["（斜）"]);
  });
});

test.each([
  ["about ~5 to ~10 minutes, 20~30 and 40~50", []],
  ["这里约~5分钟~左右", []],
  ["~~gone~~ and ~~both~~ and <del>all</del>", ["gone", "both"]],
  ["~~（删除）~~内容，~~旧：~~新", ["（删除）", "旧："]],
])("a single tilde strikes nothing out in %j", (text, gone) => expect(found(text, "del")).toEqual(gone));

test("an address ends where a Chinese sentence goes on", () => {
  expect(found("请看https://example.org/a。谢谢", "link")).toEqual(["https://example.org/a"]);
});

test.each([
  ["H<sub>2</sub>O, x<sup>2</sup>, <kbd>Ctrl</kbd>+<KBD>C</KBD>", ["2", "2", "Ctrl", "C"]],
  ["==marked== and a==b, c == d, e==f", ["marked"]],
  ["a==b and c==d", []],
  ["`<sub>x</sub>` <sub class=a>y</sub> <sub onclick=alert(1)>z</sub> <script>w</script>", []],
])("a tag without attributes is one in %j", (text, tags) => expect(found(text, "tag")).toEqual(tags));

describe("details", () => {
  test("hold Markdown, one within the other, and the text goes on after them", () => {
    const text =
      "<details>\n<summary>**More**</summary>\n\n- a\n\n```html\n</details>\n```\n\n<details><summary>in</summary>b</details>\n</details>\n\nAfter.";
    const [first, after] = lex(text, {});
    expect([first?.type, after?.type, found(text, "details").length]).toEqual(["details", "paragraph", 2]);
    expect(found(text, "strong")).toEqual(["More"]);
  });

  test("are open until their end has come", () => {
    expect(lex("<details><summary>a</summary>\n\nb", {})[0]).toMatchObject({ type: "details", open: true });
    expect(lex("<details><summary>a</summary>\n\nb\n</details>", {})[0]).toMatchObject({ open: false });
  });
});

describe("footnotes", () => {
  test("have their words, and what is around them its own", () => {
    const text =
      "It rained.[^1] It did.[^long]\n[^1]: Weather service,\n12 May.\n[^long]: One.\n\n    Two.\n\nThe end.";
    expect(found(text, "noteRef").length + found(text, "note").length).toBe(4);
    expect(found(text, "note")).toEqual(["Weather service,\n12 May.", "One.Two."]);
    expect(found(text, "paragraph").at(-1)).toBe("The end.");
  });

  test("don't take what is no note", () => expect(found("`[^a]: b` and [^ x] [x](y)", "noteRef")).toEqual([]));
});

/** How deep tokens stand within each other, counted without recursion. */
function depthOf(tokens: readonly Token[]): number {
  let [depth, level] = [0, [...tokens]];
  while (level.length > 0) {
    depth++;
    level = level.flatMap((token) => {
      const generic = token as { tokens?: Token[]; items?: Token[] };
      return [...(generic.tokens ?? []), ...(generic.items ?? [])];
    });
  }
  return depth;
}

test.each([
  [">", ""],
  ["- ", ""],
  ["1. - > ", ""],
  ["<details>\n", ""],
  ["<details>\n", "</details>\n"],
  ["[^1]: ", ""],
  ["<sub><sup>", "</sup></sub>"],
  ["*_", "_*"],
  ["**a *b ", "* **"],
  ["==a <u>b ", "</u> c=="],
  ["[", "](x)"],
])("two hundred %j within each other are read, to a depth", (open, close) => {
  const tokens = lex(`${open.repeat(200)}x${close.repeat(200)}`, {});
  expect(depthOf(tokens)).toBeLessThan(4 * DEEPEST);
  expect(tokens.map(({ raw }) => raw).join("")).toContain("x");
});
