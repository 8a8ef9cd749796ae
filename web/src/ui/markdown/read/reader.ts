/** The one reader of Markdown: marked with what models write beside CommonMark and GFM. Why marked: docs/decisions/0015. */

import { Lexer, Marked, type Token } from "marked";
import { details } from "./details";
import { emphasis } from "./emphasis";
import { blockMath, inlineMath } from "./math";
import { noteRefs, notes } from "./notes";
import { highlighted, tags } from "./tags";

export type Links = Readonly<
  Record<string, { readonly href: string | null; readonly title: string | null | undefined }>
>;

const marked = new Marked({ gfm: true }, emphasis, {
  extensions: [blockMath, inlineMath, details, notes, noteRefs, tags, highlighted],
});

/** The tokens of a text; `links` are the addresses that were defined before it. */
export function lex(text: string, links: Links): Token[] {
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, links);
  return lexer.lex(text);
}
