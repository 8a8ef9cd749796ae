/** Formulas in Markdown, for marked: $…$, $$…$$, \(…\) and \[…\]. */

import type { TokenizerAndRendererExtension, Tokens } from "marked";

export interface MathToken extends Tokens.Generic {
  readonly type: "math";
  readonly text: string;
  readonly display: boolean;
}

const BLOCK = /^(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[ \t]*(?:\n|$)/;
const INLINE = /^(?:\$\$([^$]+?)\$\$|\\\(([\s\S]+?)\\\)|\\\[([\s\S]+?)\\\])/;
// A dollar alone is money: a formula starts and ends without a space and no digit follows it.
const DOLLAR = /^\$(?![\s$])((?:\\[\s\S]|[^\\$\n])*?(?:\\[\s\S]|[^\s\\$]))\$(?!\d)/;

const token = (raw: string, text: string, display: boolean): MathToken => ({
  type: "math",
  raw,
  text: text.trim(),
  display,
});

export const blockMath: TokenizerAndRendererExtension = {
  name: "blockMath",
  level: "block",
  start: (source) => source.match(/\$\$|\\\[/)?.index,
  tokenizer(source) {
    const found = BLOCK.exec(source);
    return found ? token(found[0], found[1] ?? found[2] ?? "", true) : undefined;
  },
};

export const inlineMath: TokenizerAndRendererExtension = {
  name: "inlineMath",
  level: "inline",
  start: (source) => source.match(/\$|\\[([]/)?.index,
  tokenizer(source) {
    const display = INLINE.exec(source);
    if (display) return token(display[0], display[1] ?? display[2] ?? display[3] ?? "", !display[0].startsWith("\\("));
    const inline = DOLLAR.exec(source);
    return inline ? token(inline[0], inline[1] ?? "", false) : undefined;
  },
};
