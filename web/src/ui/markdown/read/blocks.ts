/**
 * Markdown that grows: the text is cut into top-level blocks, and only the last one is read again when more arrives.
 * A settled block keeps its identity, so that nothing above the growing block renders anew.
 */

import { Marked, type Token, type Tokens } from "marked";
import remend from "remend";
import { blockMath, inlineMath } from "./math";

export interface Block {
  /** Where the block begins in the text; its key. */
  readonly start: number;
  readonly raw: string;
  readonly token: Token;
}

export interface Blocks {
  /** The settled blocks in rows of ROW, so that those of a long text need not be gone through each time it grows. */
  readonly rows: readonly (readonly Block[])[];
  /** The last block: what comes next may belong to it, also when a finished text is continued. */
  readonly growing: readonly Block[];
  /** How far the settled blocks reach. */
  readonly until: number;
  /** The depth of the first heading that is settled: models begin with any. */
  readonly top: number | null;
  readonly text: string;
}

export const ROW = 32;
export const NOTHING: Blocks = { rows: [], growing: [], until: 0, top: null, text: "" };

const marked = new Marked({ gfm: true, extensions: [blockMath, inlineMath] });

/** Read a text of which an earlier state may be known. `more` says that it still grows: half-open marks are closed. */
export function read(text: string, before: Blocks, more: boolean): Blocks {
  const known = text.startsWith(before.text.slice(0, before.until)) ? before : NOTHING;
  const tail = cut(text.slice(known.until), known.until);
  const last = tail.at(-1);
  const settled = tail.slice(0, -1);
  return {
    rows: rowed(known.rows, settled),
    growing: last === undefined ? [] : more ? closed(last) : [last],
    until: last?.start ?? known.until,
    top: known.top ?? depthOf(settled),
    text,
  };
}

/** The depth of the first heading among blocks. */
export function depthOf(blocks: readonly Block[]): number | null {
  for (const { token } of blocks) if (token.type === "heading") return (token as Tokens.Heading).depth;
  return null;
}

/** The rows with more blocks behind them; a row that is full stays the same. */
function rowed(rows: Blocks["rows"], more: readonly Block[]): Blocks["rows"] {
  if (more.length === 0) return rows;
  const last = rows.at(-1) ?? [];
  const open = last.length < ROW ? last : [];
  const next = [...(open === last ? rows.slice(0, -1) : rows)];
  const rest = [...open, ...more];
  for (let at = 0; at < rest.length; at += ROW) next.push(rest.slice(at, at + ROW));
  return next;
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
