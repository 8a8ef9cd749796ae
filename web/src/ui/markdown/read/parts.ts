/**
 * Long lists and tables grow part by part: all items but the last are settled, and what comes is read from the beginning of the last
 * one on. This holds since neither an item nor a row is read differently for those before it; whether a list is loose is asked of
 * each item alone.
 */

import type { Token, Tokens } from "marked";
import { added, type Rows } from "./rows";

export type Part =
  | { readonly raw: string; readonly item: Tokens.ListItem }
  | { readonly raw: string; readonly cells: readonly Tokens.TableCell[] };

export interface Parts {
  readonly rows: Rows<Part>;
  /** The last part: what comes next may belong to it. */
  readonly last: readonly Part[];
  /** Where that begins in the text. */
  readonly until: number;
  /** One of the settled items is followed by an empty line, or has one in it. */
  readonly loose: boolean;
}

/** The parts of a list or table that begins at `start`; undefined for what has none. */
export function partsOf(token: Token, start: number): Parts | undefined {
  const all =
    token.type === "list" ? items(token as Tokens.List) : token.type === "table" ? cells(token as Tokens.Table) : [];
  const last = all.at(-1);
  if (last === undefined) return undefined;
  const settled = all.slice(0, -1);
  const head = token.type === "table" ? headOf(token.raw).length : 0;
  return {
    rows: added([], settled),
    last: [last],
    until: start + head + settled.reduce((sum, part) => sum + part.raw.length, 0),
    loose: settled.some(isLoose),
  };
}

const items = (list: Tokens.List): Part[] => list.items.map((item) => ({ raw: item.raw, item }));

function cells(table: Tokens.Table): Part[] {
  const lines = table.raw.slice(headOf(table.raw).length).split("\n");
  return table.rows.map((row, index) => ({ raw: `${lines[index] ?? ""}\n`, cells: row }));
}

/** The head of a table with the line below it. */
export const headOf = (raw: string): string => /^[^\n]*\n[^\n]*\n?/.exec(raw)?.[0] ?? raw;

/** The parts with those of what was read from their last one on. */
export const joined = (before: Parts, more: Parts): Parts => ({
  ...more,
  rows: added(before.rows, more.rows.flat()),
  loose: before.loose || more.loose,
});

/** Tell whether the list goes on: of another mark it is another list. */
export const goesOn = (before: Token, after: Token): boolean =>
  before.type === after.type && (before.type !== "list" || markOf(before.raw) === markOf(after.raw));

const markOf = (raw: string) => /^\s*\d*(.)/.exec(raw)?.[1];

/** Tell whether an item that others follow parts its paragraphs: an empty line is in it or after it. */
const isLoose = (part: Part): boolean =>
  "item" in part && (/\n[ \t]*\n[ \t]*$/.test(part.raw) || hasEmptyLine(part.item));

const hasEmptyLine = (item: Tokens.ListItem) =>
  item.tokens.some((token) => token.type === "space" && /\n.*\n/.test(token.raw));

/** Tell whether a whole list is loose. */
export const isLooseList = ({ loose, last }: Parts): boolean =>
  loose || last.some((part) => "item" in part && hasEmptyLine(part.item));
