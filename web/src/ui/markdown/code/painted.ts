/** Colours of code, as the worker that makes them tells them, and what is shown of them. */

export interface Token {
  readonly content: string;
  readonly color?: string | undefined;
  readonly italic?: boolean;
}
export type Line = readonly Token[];

/**
 * What the worker is asked: `more` follows the first `keep` letters that it has of a block; null lets go of the block.
 * A text that did not only grow begins another turn; what is told of the turn before is about another text.
 */
export interface Ask {
  readonly block: number;
  readonly turn: number;
  readonly language: string;
  readonly keep: number;
  readonly more: string | null;
}

/** What it tells: the lines from `from` on, after which the first `length` letters are coloured. */
export interface Told {
  readonly block: number;
  readonly turn: number;
  readonly length: number;
  readonly from: number;
  readonly lines: readonly Line[];
}

export interface Painted {
  readonly code: string;
  readonly lines: readonly Line[];
}

export const PLAIN: Painted = { code: "", lines: [] };

/** How many letters two texts have in common at their beginning, where the longer one has usually just grown. */
export function common(one: string, other: string): number {
  if (other.startsWith(one)) return one.length;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/** Take in what the worker tells; `code` is the code that it was last told. */
export const repainted = (before: Painted, told: Told, code: string): Painted => ({
  code: code.slice(0, told.length),
  lines: [...before.lines.slice(0, told.from), ...told.lines],
});

/** What is shown of a code: the lines that are coloured and true, and the rest as it is. */
export function shownOf({ code: known, lines }: Painted, code: string): readonly [readonly Line[], string] {
  return known !== "" && code.startsWith(known) ? [lines, code.slice(known.length)] : [[], code];
}
