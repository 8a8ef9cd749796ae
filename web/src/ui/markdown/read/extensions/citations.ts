/** Citations: [1] in a text for which source 1 is defined. Markdown alone would read [1][2] as one link with the words "1". */

import type { TokenizerAndRendererExtension, Tokens } from "marked";

export interface CitationToken extends Tokens.Generic {
  readonly type: "citation";
  readonly number: string;
  readonly href: string;
}

const CITATION = /^\[(\d{1,3})\](?![(:])/;

export const citations: TokenizerAndRendererExtension = {
  name: "citation",
  level: "inline",
  start: (source) => source.match(/\[\d/)?.index,
  tokenizer(source) {
    const [raw, number = ""] = CITATION.exec(source) ?? [];
    const links = this.lexer.tokens.links;
    const href = Object.hasOwn(links, number) ? links[number]?.href : null;
    if (raw === undefined || !href) return undefined;
    return { type: "citation", raw, number, href } satisfies CitationToken;
  },
};
