/** Lists that only grow at their end, in rows of bounded length: a row that is full stays the same, and so is not gone through again. */

export const ROW = 32;

export type Rows<T> = readonly (readonly T[])[];

/** The rows with more behind them. */
export function added<T>(rows: Rows<T>, more: readonly T[]): Rows<T> {
  if (more.length === 0) return rows;
  const last = rows.at(-1) ?? [];
  const open = last.length < ROW ? last : [];
  const next = [...(open === last ? rows.slice(0, -1) : rows)];
  const rest = [...open, ...more];
  for (let at = 0; at < rest.length; at += ROW) next.push(rest.slice(at, at + ROW));
  return next;
}

/** The rows with one that has place for what grows: it is there already where it will settle, so that its elements stay. */
export const withPlace = <T>(rows: Rows<T>, growing: readonly T[]): Rows<T> =>
  growing.length > 0 && (rows.at(-1)?.length ?? ROW) === ROW ? [...rows, []] : rows;
