/** Addresses that are written apart from their links (`[1]: https://…`): they count for the whole text, also for what was read before them. */

import type { Token, Tokens } from "marked";
import type { Links } from "./reader";

const inner = (token: Token): readonly Token[] => {
  if (token.type === "list") return (token as Tokens.List).items;
  return ["blockquote", "list_item", "details", "note"].includes(token.type)
    ? ((token as Tokens.Generic).tokens ?? [])
    : [];
};

/** The links with those that tokens define; the first definition counts. The same object where there is none. */
export function withDefinitions(links: Links, tokens: readonly Token[]): Links {
  let found = links;
  for (const token of tokens) {
    if (token.type === "def" && !Object.hasOwn(found, token.tag))
      found = { ...found, [token.tag]: { href: token.href, title: token.title } };
    else if (/\]:/.test(token.raw)) found = withDefinitions(found, inner(token));
  }
  return found;
}

const LABEL = /\[((?:\\[\s\S]|[^[\]\\])+)\]/g;

/** Labels that differ only in case or blanks are one; so are ẞ and SS. */
const folded = (label: string) => label.trim().replace(/\s+/g, " ").toLowerCase().toUpperCase();

/** Make a test of whether a text names a link that one set of definitions lacks and the other has. */
export function namesNew(before: Links, after: Links): (raw: string) => boolean {
  const fresh = new Set(
    Object.keys(after)
      .filter((label) => !Object.hasOwn(before, label))
      .map(folded),
  );
  return (raw) => [...raw.matchAll(LABEL)].some(([, label = ""]) => fresh.has(folded(label)));
}
