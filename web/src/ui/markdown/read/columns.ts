/** How wide the columns of a long table are: by its head and its first rows, since to ask every cell is what takes long. */

import type { Tokens } from "marked";
import type { Part } from "./parts";

/** Letters for which a column has room at least, and at most before its words go on in the next line. */
const NARROWEST = 4;
const WIDEST = 40;

/** The columns as CSS's grid takes them: shares of the width, each no narrower than its longest word may ask. */
export function columnsOf(header: readonly Tokens.TableCell[], first: readonly Part[]): string {
  const letters = header.map((cell, column) => Math.max(...[cell, ...cellsIn(first, column)].map(lettersOf)));
  return letters.map((count) => `minmax(${Math.min(count, 12) / 2 + 2}em, ${count}fr)`).join(" ");
}

const cellsIn = (rows: readonly Part[], column: number): Tokens.TableCell[] =>
  rows.flatMap((part) => ("cells" in part ? part.cells.slice(column, column + 1) : []));

const lettersOf = ({ text }: Tokens.TableCell) => Math.min(Math.max(text.length, NARROWEST), WIDEST);
