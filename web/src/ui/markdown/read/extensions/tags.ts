/** The little of HTML that models write for what Markdown lacks, by a list: no attribute of it is read. Also ==marked==. */

import type { TokenizerAndRendererExtension, Tokens } from "marked";
import { markIn } from "./line-in";

export const TAGS = ["sub", "sup", "kbd", "mark", "u", "ins", "s", "del", "small", "b", "strong", "i", "em"] as const;
export type Tag = (typeof TAGS)[number];

export interface TagToken extends Tokens.Generic {
  readonly type: "tag";
  readonly tag: Tag;
}

const PAIR = new RegExp(String.raw`^<(${TAGS.join("|")})>((?:(?!<\1>)[\s\S])+?)</\1>`, "i");
const MARKED = /^==(?![\s=])((?:\\[\s\S]|[^\\=\n]|=(?!=))*?[^\s=])==(?![=\w])/;

export const tags: TokenizerAndRendererExtension = {
  name: "tag",
  level: "inline",
  start: (source) => markIn(source, /<[a-z]/i),
  tokenizer(source) {
    const [raw, name = "", inside = ""] = PAIR.exec(source) ?? [];
    if (raw === undefined) return undefined;
    return { type: "tag", raw, tag: name.toLowerCase(), tokens: this.lexer.inlineTokens(inside) };
  },
};

export const highlighted: TokenizerAndRendererExtension = {
  name: "highlighted",
  level: "inline",
  start: (source) => markIn(source, /==/),
  tokenizer(source, tokens) {
    const [raw, inside = ""] = MARKED.exec(source) ?? [];
    // One written without spaces around it compares: a==b and c==d.
    if (raw === undefined || /[\w=]$/.test(tokens.at(-1)?.raw ?? "")) return undefined;
    return { type: "tag", raw, tag: "mark", tokens: this.lexer.inlineTokens(inside) };
  },
};
