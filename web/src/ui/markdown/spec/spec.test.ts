/**
 * The examples of CommonMark 0.31.2 and what GFM has beside it, rendered by the page's own component and by micromark, which passes
 * both suites. What the page does otherwise on purpose alike.ts takes out of both; each other difference is named here.
 */

import { tests } from "commonmark-spec";
import { micromark } from "micromark";
import { cjkFriendlyExtension } from "micromark-extension-cjk-friendly";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Markdown } from "../markdown";
import { ours, theirs } from "./alike";

const reference = (text: string) =>
  micromark(text, {
    extensions: [gfm({ singleTilde: false }), cjkFriendlyExtension()],
    htmlExtensions: [gfmHtml()],
    allowDangerousProtocol: true,
  });
const rendered = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));

/** The reasons why an example is read otherwise. */
const DIFFERENT = new Map([
  [12, "models write formulas as \\[…\\]"],
  [168, "what is struck out by tags is"],
  [190, "raw HTML is shown as text, whose two pieces stand side by side"],
  [191, "raw HTML is shown as text, whose two pieces stand side by side"],
  [300, "a heading's level is told from the first one that is in no list"],
  [603, "an address is written as browsers write it, which have no backslash there"],
]);

describe("CommonMark", () => {
  for (const { number, section, markdown } of tests) {
    const text = markdown.replaceAll("→", "\t");
    const why = DIFFERENT.get(number);
    test(`${section} ${number}${why ? `: ${why}` : ""}`, () => {
      if (why) expect(ours(rendered(text))).not.toBe(theirs(reference(text)));
      else expect(ours(rendered(text))).toBe(theirs(reference(text)));
    });
  }
});

const GFM = [
  "| a | b |\n| --- | --- |\n| c | d |",
  "| abc | defghi |\n:-: | -----------:\nbar | baz",
  "| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |",
  "| a | b |\n| --- | --- |\n| c | d |\n> quote",
  "| a | b |\n| --- | --- |\n| c | d |\ne\n\nf",
  "| a | b |\n| --- |\n| c |",
  "| a | b |\n| --- | --- |\n| c |\n| d | e | f |",
  "| a | b |\n| --- | --- |",
  "words\n| a |\n| - |\n| b |",
  "- [ ] one\n- [x] two",
  "- [x] one\n  - [ ] two\n  - [X] three\n- four",
  "1. [ ] one\n2. [y] two",
  "~~Hi~~ Hello, ~~~there~~~ world",
  "This ~~has a\n\nnew paragraph~~.",
  "a~~b~~c, ~~ d ~~",
  "www.example.org and Visit www.example.org/help for more.",
  "Visit www.example.org. Or www.example.org/a.b.",
  "www.example.org/search?q=Markup+(business) and (www.example.org/a+(b))",
  "www.example.org/search?q=a&hl=en and www.example.org/search?q=a&hl;",
  "www.example.org/he<lp and http://example.org",
  "(Visit https://encrypted.example.org/search?q=Markup+(business))",
  "foo@bar.baz and hello@mail+xyz.example, hello+xyz@mail.example.",
  "a.b-c_d@a.b and a.b-c_d@a.b.",
  "<strong> <title> <style> <em>\n\n<blockquote>\n  <xmp>",
];

test.each(GFM)("GFM: %j", (text) => expect(ours(rendered(text))).toBe(theirs(reference(text))));
