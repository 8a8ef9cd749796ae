import type { ComponentType } from "react";
import { ROW, type Rows, withPlace } from "../read/rows";

export interface RowProps<T, M> {
  readonly parts: readonly T[];
  /** What still grows, in the last row alone. */
  readonly last: readonly T[];
  readonly settled: boolean;
  /** How many parts stand before this row. */
  readonly from: number;
  /** What all rows are shown by. */
  readonly mode: M;
}

interface GrowingProps<T, M> {
  readonly rows: Rows<T>;
  readonly last: readonly T[];
  readonly settled: boolean;
  readonly mode: M;
  readonly Row: ComponentType<RowProps<T, M>>;
}

const NONE: readonly never[] = [];

/** Rows of what grows at its end: only the last row renders again. */
export function Growing<T, M>({ rows, last, settled, mode, Row }: GrowingProps<T, M>) {
  const all = withPlace(rows, last);
  return all.map((row, index) => (
    <Row
      key={index}
      parts={row}
      last={index === all.length - 1 ? last : NONE}
      settled={settled}
      from={index * ROW}
      mode={mode}
    />
  ));
}

/** For memo(): a row renders again when something in it changed. */
export const sameRow = <T, M>(before: RowProps<T, M>, after: RowProps<T, M>): boolean =>
  before.parts === after.parts &&
  before.last === after.last &&
  before.mode === after.mode &&
  (before.settled === after.settled || after.last.length === 0);
