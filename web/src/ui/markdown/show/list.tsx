import type { Tokens } from "marked";
import { createContext, memo, type ReactNode, useContext } from "react";
import { isLooseList, type Part, type Parts } from "../read/parts";
import { Growing, type RowProps, sameRow } from "./growing";

export interface Mode {
  readonly loose: boolean;
  readonly render: (tokens: Tokens.ListItem["tokens"], settled: boolean) => ReactNode;
}

interface ListProps {
  readonly list: Tokens.List;
  readonly parts: Parts;
  readonly settled: boolean;
  /** How the items of a tight list and of a loose one are shown; the same objects each time, so that settled rows stay. */
  readonly modes: readonly [tight: Mode, loose: Mode];
}

/** A list; while it grows only its last item renders again. One of many items is several to the browser, which then lays out those in sight alone. */
export function List({ list, parts, settled, modes }: ListProps) {
  const mode = modes[isLooseList(parts) ? 1 : 0];
  const Row = list.ordered ? Numbered : Dotted;
  return (
    <First value={list.ordered ? Number(list.start) : 1}>
      <Growing rows={parts.rows} last={parts.last} settled={settled} mode={mode} Row={Row} />
    </First>
  );
}

/** The number of a list's first item. */
const First = createContext(1);

const classOf = (from: number) => (from > 0 ? "items more" : "items");

const Dotted = memo(function Dotted(row: RowProps<Part, Mode>) {
  return (
    <ul dir="auto" className={classOf(row.from)}>
      <Items {...row} />
    </ul>
  );
}, sameRow);

const Numbered = memo(function Numbered(row: RowProps<Part, Mode>) {
  return (
    <ol dir="auto" className={classOf(row.from)} start={useContext(First) + row.from}>
      <Items {...row} />
    </ol>
  );
}, sameRow);

function Items({ parts, last, settled, mode }: RowProps<Part, Mode>) {
  return [...parts, ...last].map((part, index) => (
    <Item key={index} part={part} settled={settled || index < parts.length} mode={mode} />
  ));
}

interface ItemProps {
  readonly part: Part;
  readonly settled: boolean;
  readonly mode: Mode;
}

const Item = memo(function Item({ part, settled, mode }: ItemProps) {
  if (!("item" in part)) return null;
  const { task, checked = false, tokens } = part.item;
  return (
    <li dir="auto" className={task ? "task" : undefined}>
      {task && <input type="checkbox" checked={checked} disabled aria-label={checked ? "✓" : "–"} />}
      {mode.render(
        tokens.map((token) => (isWords(token) ? { ...token, type: mode.loose ? "paragraph" : "text" } : token)),
        settled,
      )}
    </li>
  );
});

const isWords = (token: { readonly type: string }) => token.type === "text" || token.type === "paragraph";
