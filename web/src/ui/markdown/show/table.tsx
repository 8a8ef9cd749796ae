import type { Tokens } from "marked";
import { type CSSProperties, memo, type ReactNode } from "react";
import { fetched } from "@/lib/fetched";
import { columnsOf } from "../read/columns";
import type { Part, Parts } from "../read/parts";
import { Growing, type RowProps, sameRow } from "./growing";

const Tools = fetched<object>(() => import("./table-tools").then((module) => module.TableTools));

type Render = (tokens: Tokens.TableCell["tokens"], settled: boolean) => ReactNode;

interface TableProps {
  readonly table: Tokens.Table;
  /** Its rows; a table may have none. */
  readonly parts: Parts | undefined;
  readonly settled: boolean;
  readonly render: Render;
}

/** Full rows of parts from which on a table has columns of its own: every cell has a say in a browser's, so that it lays out all of them. */
const LONG = 3;

/** A table; while it grows only its last row renders again. Of a long one only what is in sight is laid out. */
export function Table({ table, parts, settled, render }: TableProps) {
  const first = parts && parts.rows.length > LONG ? parts.rows[0] : undefined;
  const columns = first && ({ "--columns": columnsOf(table.header, first) } as CSSProperties);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table" tabIndex={0} role="group">
      <table dir="auto" className={first && "long"} style={columns}>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" style={{ textAlign: cell.align ?? undefined }}>
                {render(cell.tokens, settled)}
              </th>
            ))}
          </tr>
        </thead>
        {parts && <Growing rows={parts.rows} last={parts.last} settled={settled} mode={render} Row={Lines} />}
      </table>
      {settled && <Tools />}
    </div>
  );
}

const Lines = memo(function Lines({ parts, last, settled, mode }: RowProps<Part, Render>) {
  return (
    <tbody>
      {[...parts, ...last].map((part, index) => (
        <Line key={index} part={part} settled={settled || index < parts.length} render={mode} />
      ))}
    </tbody>
  );
}, sameRow);

interface LineProps {
  readonly part: Part;
  readonly settled: boolean;
  readonly render: Render;
}

const Line = memo(function Line({ part, settled, render }: LineProps) {
  if (!("cells" in part)) return null;
  return (
    <tr>
      {part.cells.map((cell, column) => (
        <td key={column} style={{ textAlign: cell.align ?? undefined }}>
          {render(cell.tokens, settled)}
        </td>
      ))}
    </tr>
  );
});
