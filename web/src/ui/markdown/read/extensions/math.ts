/** Formulas in Markdown, for marked: $…$, $$…$$, \(…\) and \[…\]. */

import type { Token, TokenizerAndRendererExtension, Tokens } from "marked";
import { lineIn, markIn } from "./line-in";

export interface MathToken extends Tokens.Generic {
  readonly type: "math";
  readonly text: string;
  readonly display: boolean;
}

const BLOCK = /^ {0,3}(?:\$\$((?:(?!\$\$)[\s\S])+)\$\$|\\\[((?:(?!\\\])[\s\S])+)\\\])[ \t]*(?:\n|$)/;
const INLINE = /^(?:\$\$([^$]+?)\$\$|\\\(([\s\S]+?)\\\)|\\\[([\s\S]+?)\\\])/;
// A formula starts and ends without a space.
const DOLLAR = /^\$(?![\s$])((?:\\[\s\S]|[^\\$\n])*?(?:\\[\s\S]|[^\s\\$]))\$(?!\$)/;
const FORMULA_LIKE = /[\\^]|^_\{|\b[A-Za-z]_|^[A-Za-z]$/;
// What follows a number or a unit as its exponent, its index or its degrees, as in 10$^{-3}$.
const BESIDE = /^(?:\^|_\{|\\[A-Za-z])/;
const WORDS = /\s\p{L}{2,}(?:\s|$)/u;

const token = (raw: string, text: string, display: boolean): MathToken => ({
  type: "math",
  raw,
  text: text.trim(),
  display,
});

/** Tell whether dollars around a text mean money or a variable of a shell: 100$/mois, 5$=4,60€, $HOME:$PATH, $5 or 10$. */
function isNoFormula(before: string, text: string, after: string): boolean {
  if ((/[\dA-Za-z]/.test(before) && !BESIDE.test(text)) || /[\d{]/.test(after)) return true;
  if (FORMULA_LIKE.test(text)) return false;
  return /[A-Za-z]/.test(after) || WORDS.test(text);
}

const lastLetter = (tokens: readonly Token[]) => tokens.at(-1)?.raw.at(-1) ?? "";

export const blockMath: TokenizerAndRendererExtension = {
  name: "blockMath",
  level: "block",
  start: (source) => lineIn(source, /^ {0,3}(?:\$\$|\\\[)/m),
  tokenizer(source) {
    const found = BLOCK.exec(source);
    return found ? token(found[0], found[1] ?? found[2] ?? "", true) : undefined;
  },
};

export const inlineMath: TokenizerAndRendererExtension = {
  name: "inlineMath",
  level: "inline",
  start: (source) => markIn(source, /\$|\\[([]/),
  tokenizer(source, tokens) {
    const display = INLINE.exec(source);
    if (display) return token(display[0], display[1] ?? display[2] ?? display[3] ?? "", !display[0].startsWith("\\("));
    const [raw, text = ""] = DOLLAR.exec(source) ?? [];
    if (raw === undefined || isNoFormula(lastLetter(tokens), text, source.charAt(raw.length))) return undefined;
    return token(raw, text, false);
  },
};
