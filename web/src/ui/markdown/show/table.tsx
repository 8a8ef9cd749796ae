import type { Tokens } from "marked";
import { memo, type ReactNode } from "react";
import type { Part, Parts } from "../read/parts";
import { Growing, type RowProps, sameRow } from "./growing";

type Render = (tokens: Tokens.TableCell["tokens"], settled: boolean) => ReactNode;

interface TableProps {
  readonly table: Tokens.Table;
  /** Its rows; a table may have none. */
  readonly parts: Parts | undefined;
  readonly settled: boolean;
  readonly render: Render;
}

/** A table; while it grows only its last row renders again. */
export function Table({ table, parts, settled, render }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table" tabIndex={0} role="group">
      <table dir="auto">
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" style={{ textAlign: cell.align ?? undefined }}>
                {render(cell.tokens, settled)}
              </th>
            ))}
          </tr>
        </thead>
        {parts && (
          <tbody>
            <Growing rows={parts.rows} last={parts.last} settled={settled} mode={render} Row={Lines} />
          </tbody>
        )}
      </table>
    </div>
  );
}

const Lines = memo(function Lines({ parts, last, settled, mode }: RowProps<Part, Render>) {
  return [...parts, ...last].map((part, index) => (
    <Line key={index} part={part} settled={settled || index < parts.length} render={mode} />
  ));
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
