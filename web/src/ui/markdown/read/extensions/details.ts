/** <details> with its <summary>, as models fold away what is long. What is in it is Markdown again. */

import type { Token, TokenizerAndRendererExtension, Tokens } from "marked";

export interface DetailsToken extends Tokens.Generic {
  readonly type: "details";
  readonly summary: readonly Token[];
  readonly tokens: Token[];
  /** It was written as open, or its end has not come: what may be the rest of the answer is not hidden. */
  readonly open: boolean;
}

const HEAD = /^ {0,3}<details((?:\s[^<>]*)?)>[ \t]*\n?(?:\s*<summary(?:\s[^<>]*)?>([\s\S]*?)<\/summary>)?/i;
// Tags of its kind, and code, in which a tag is none.
const INSIDE = /(?:^|\n) {0,3}(`{3,}|~{3,})[\s\S]*?(?:\n {0,3}\1|$)|`[^`\n]+`|<(\/?)details\b[^<>]*>/gi;

/** Where the body ends and what follows begins; null where its end has not come. */
function endOf(source: string, from: number): readonly [number, number] | null {
  let depth = 1;
  for (const found of source.slice(from).matchAll(INSIDE)) {
    if (found[2] === undefined) continue;
    depth += found[2] === "/" ? -1 : 1;
    if (depth === 0) return [from + found.index, from + found.index + found[0].length];
  }
  return null;
}

export const details: TokenizerAndRendererExtension = {
  name: "details",
  level: "block",
  tokenizer(source) {
    const head = HEAD.exec(source);
    if (head === null) return undefined;
    const end = endOf(source, head[0].length);
    const [until, after] = end ?? [source.length, source.length];
    const raw = source.slice(0, after) + (/^[ \t]*\n*/.exec(source.slice(after))?.[0] ?? "");
    return {
      type: "details",
      raw,
      open: end === null || /\bopen\b/i.test(head[1] ?? ""),
      summary: this.lexer.inline((head[2] ?? "").trim()),
      tokens: this.lexer.blockTokens(source.slice(head[0].length, until), []),
    } satisfies DetailsToken;
  },
};
