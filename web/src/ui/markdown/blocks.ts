/**
 * Markdown that grows: the text is cut into top-level blocks, and only the last one is read again when more arrives.
 * A settled block keeps its identity, so that nothing above the growing block renders anew.
 */

import { Marked, type Token } from "marked";
import remend from "remend";
import { blockMath, inlineMath } from "./math";

export interface Block {
  /** Where the block begins in the text; its key. */
  readonly start: number;
  readonly raw: string;
  readonly token: Token;
}

export interface Blocks {
  readonly settled: readonly Block[];
  /** The last block: what comes next may belong to it, also when a finished text is continued. */
  readonly growing: readonly Block[];
  /** How far the settled blocks reach. */
  readonly until: number;
  readonly text: string;
}

export const NOTHING: Blocks = { settled: [], growing: [], until: 0, text: "" };

const marked = new Marked({ gfm: true, extensions: [blockMath, inlineMath] });

/** Read a text of which an earlier state may be known. `more` says that it still grows: half-open marks are closed. */
export function read(text: string, before: Blocks, more: boolean): Blocks {
  const known = text.startsWith(before.text.slice(0, before.until)) ? before : NOTHING;
  const tail = cut(text.slice(known.until), known.until);
  const settled = tail.slice(0, -1);
  const last = tail.at(-1);
  return {
    settled: settled.length > 0 ? [...known.settled, ...settled] : known.settled,
    growing: last === undefined ? [] : more ? closed(last) : [last],
    until: last?.start ?? known.until,
    text,
  };
}

/** Cut a text into blocks, without the empty space between them. */
function cut(text: string, from: number): Block[] {
  let start = from;
  const blocks: Block[] = [];
  for (const token of marked.lexer(text)) {
    if (token.type !== "space" && token.type !== "def") blocks.push({ start, raw: token.raw, token });
    start += token.raw.length;
  }
  return blocks;
}

/** Read the growing block as if its open marks were closed: no flash of ** or of half a link. */
function closed(block: Block): Block[] {
  if (block.token.type === "code") return [block];
  const whole = remend(block.raw);
  return whole === block.raw ? [block] : cut(whole, block.start).slice(0, 1);
}
