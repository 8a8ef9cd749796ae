/**
 * Markdown that grows: the text is cut into top-level blocks, and only the last one is read again when more arrives; of a list or a
 * table only its last item or row. What is settled keeps its identity, so that nothing above what grows renders again.
 */

import type { Token, Tokens } from "marked";
import { withClosed } from "./closing";
import type { NoteToken } from "./extensions/notes";
import { namesNew, withDefinitions } from "./links";
import { goesOn, headOf, joined, type Parts, partsOf } from "./parts";
import { type Links, lex } from "./reader";
import { added, type Rows } from "./rows";

export interface Block {
  /** Where the block begins in the text; its key. */
  readonly start: number;
  readonly raw: string;
  readonly token: Token;
  /** The items of a list, the rows of a table. */
  readonly parts?: Parts | undefined;
}

export interface Blocks {
  readonly rows: Rows<Block>;
  /** The last block, rarely with some before it, as it is shown: what comes next may belong to it, also when a finished text is continued. */
  readonly growing: readonly Block[];
  /** The same as it was read, without the marks that were closed for show. */
  readonly pending: readonly Block[];
  /** How far the settled blocks reach. */
  readonly until: number;
  /** The depth of the first heading that is settled: models begin with any. */
  readonly top: number | null;
  readonly links: Links;
  /** The labels of the footnotes that are there. */
  readonly notes: ReadonlySet<string>;
  readonly text: string;
}

export const NOTHING: Blocks = {
  rows: [],
  growing: [],
  pending: [],
  until: 0,
  top: null,
  links: {},
  notes: new Set(),
  text: "",
};

/** Read a text of which an earlier state may be known. `more` says that it still grows: half-open marks are closed. */
export function read(given: string, before: Blocks, more: boolean): Blocks {
  const text = given.includes("\r") ? given.replace(/\r\n?/g, "\n") : given;
  const known = text.startsWith(before.text.slice(0, before.until)) ? before : NOTHING;
  const tail = continued(text, known) ?? cut(text.slice(known.until), known.until, known.links);
  const end = settledIn(tail, text);
  const links = withDefinitions(
    known.links,
    (more ? tail.slice(0, end) : tail).map(({ token }) => token),
  );
  const [rows, fresh] = links === known.links ? [known.rows, tail] : relinked(known.rows, tail, known.links, links);
  const pending = fresh.slice(end);
  return {
    rows: added(rows, fresh.slice(0, end)),
    growing: more ? closed(pending, links) : pending,
    pending,
    until: pending[0]?.start ?? known.until,
    top: known.top ?? depthOf(fresh.slice(0, end)),
    links,
    notes: withNotes(known.notes, fresh),
    text,
  };
}

/**
 * How many blocks are settled, whatever comes. The last one isn't; neither is what stands before the beginning of a line that may
 * still turn out to be an item, or before what may be the title of a link.
 */
function settledIn(blocks: readonly Block[], text: string): number {
  let end = Math.max(blocks.length - 1, 0);
  const last = blocks[end];
  if (last && end > 0 && /^[^\p{L}\n]{0,14}$/u.test(text.slice(last.start))) end--;
  while (end > 0 && blocks[end - 1]?.token.type === "def" && !/\n[ \t]*\n$/.test(blocks[end - 1]?.raw ?? "")) end--;
  return end;
}

/** The labels with those of the notes among blocks; the same set where none is new. */
function withNotes(known: Blocks["notes"], blocks: readonly Block[]): Blocks["notes"] {
  const labels = blocks.flatMap(({ token }) => (token.type === "note" ? [(token as NoteToken).label] : []));
  return labels.every((label) => known.has(label)) ? known : new Set([...known, ...labels]);
}

/** The depth of the first heading among blocks. */
export function depthOf(blocks: readonly Block[]): number | null {
  for (const { token } of blocks) if (token.type === "heading") return (token as Tokens.Heading).depth;
  return null;
}

/** Cut a text into blocks, without the empty space between them. */
function cut(text: string, from: number, links: Links): Block[] {
  let start = from;
  const blocks: Block[] = [];
  for (const token of lex(text, links)) {
    if (token.type !== "space") blocks.push({ start, raw: token.raw, token, parts: partsOf(token, start) });
    start += token.raw.length;
  }
  return blocks;
}

/** Go on with a list or table from its last part; null where that can't be. */
function continued(text: string, { pending: [block], text: before, links }: Blocks): Block[] | null {
  const parts = block?.parts;
  if (!block || !parts || parts.rows.length === 0 || !text.startsWith(before.slice(0, parts.until))) return null;
  const [first, ...rest] = fromLast(block, parts, text.slice(parts.until), links);
  if (first?.parts === undefined || !goesOn(block.token, first.token)) return null;
  const end = first.start + first.raw.length;
  return [{ ...block, raw: text.slice(block.start, end), parts: joined(parts, first.parts) }, ...rest];
}

/** Read a text that begins with the last part of a block; a row is one only below its table's head. */
function fromLast(block: Block, parts: Parts, text: string, links: Links): Block[] {
  const head = block.token.type === "table" ? headOf(block.raw) : "";
  const blocks = cut(head + text, parts.until - head.length, links);
  return blocks[0]?.start === parts.until - head.length ? blocks : [];
}

/** Read those blocks again that name links which were defined just now. */
function relinked(
  rows: Rows<Block>,
  tail: readonly Block[],
  before: Links,
  links: Links,
): [Rows<Block>, readonly Block[]] {
  const named = namesNew(before, links);
  const names = ({ raw }: Block) => named(raw);
  const fresh = (block: Block) => (names(block) ? { ...block, ...cut(block.raw, block.start, links)[0] } : block);
  return [rows.map((row) => (row.some(names) ? row.map(fresh) : row)), tail.map(fresh)];
}

const AS_IT_IS: ReadonlySet<string> = new Set(["code", "math", "def"]);

/** Read the last block as if its open marks were closed: no flash of ** or of half a link. */
function closed(blocks: readonly Block[], links: Links): readonly Block[] {
  const last = blocks.at(-1);
  if (last === undefined || AS_IT_IS.has(last.token.type)) return blocks;
  const raw = (last.parts?.last[0]?.raw ?? last.raw).trimEnd();
  const whole = withClosed(raw);
  return whole === raw ? blocks : [...blocks.slice(0, -1), ...closedBlock(last, whole, links)];
}

function closedBlock(block: Block, whole: string, links: Links): Block[] {
  const { parts } = block;
  if (parts === undefined) return cut(whole, block.start, links).slice(0, 1);
  const last = fromLast(block, parts, whole, links)[0]?.parts?.last ?? parts.last;
  return [{ ...block, parts: { ...parts, last } }];
}
