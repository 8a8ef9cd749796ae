/** The one reader of Markdown: marked with what models write beside CommonMark and GFM. Why marked: docs/decisions/0015. */

import { Lexer, Marked, type Token, type TokensList } from "marked";
import { emphasis } from "./emphasis";
import { citations } from "./extensions/citations";
import { details } from "./extensions/details";
import { blockMath, inlineMath } from "./extensions/math";
import { noteRefs, notes } from "./extensions/notes";
import { highlighted, tags } from "./extensions/tags";

export type Links = Readonly<
  Record<string, { readonly href: string | null; readonly title: string | null | undefined }>
>;

const marked = new Marked({ gfm: true }, emphasis, {
  extensions: [blockMath, inlineMath, details, notes, noteRefs, citations, tags, highlighted],
});

/** Deeper than this nobody writes; each level takes some of the stack here, in React and in the browser's layout. */
export const DEEPEST = 40;

/** Reads what stands too deep in other marks as plain text. */
class BoundedLexer extends Lexer {
  private depth = 0;

  override blockTokens(source: string, tokens?: Token[], clipped?: boolean): Token[];
  override blockTokens(source: string, tokens?: TokensList, clipped?: boolean): TokensList;
  override blockTokens(source: string, tokens: Token[] = [], clipped?: boolean): Token[] {
    return this.deeper(source, tokens, () => super.blockTokens(source, tokens, clipped));
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    return this.deeper(source, tokens, () => super.inlineTokens(source, tokens));
  }

  private deeper(source: string, tokens: Token[], read: () => Token[]): Token[] {
    if (this.depth >= DEEPEST) {
      if (source !== "") tokens.push({ type: "text", raw: source, text: source });
      return tokens;
    }
    this.depth++;
    try {
      return read();
    } finally {
      this.depth--;
    }
  }
}

/** The tokens of a text; `links` are the addresses that were defined before it. */
export function lex(text: string, links: Links): Token[] {
  const lexer = new BoundedLexer(marked.defaults);
  Object.assign(lexer.tokens.links, links);
  return lexer.lex(text);
}
