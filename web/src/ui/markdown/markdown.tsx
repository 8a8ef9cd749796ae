"use client";

import { memo, useRef } from "react";
import { type Block, type Blocks, depthOf, NOTHING, ROW, read } from "./read/blocks";
import { TopHeading } from "./show/heading";
import { renderToken } from "./show/tokens";

export interface MarkdownProps {
  readonly text: string;
  /** More of it is still to come. */
  readonly growing?: boolean;
}

const NONE: readonly Block[] = [];

/** Markdown as elements; while it grows only its last block renders anew. */
export const Markdown = memo(function Markdown({ text, growing = false }: MarkdownProps) {
  const before = useRef(NOTHING);
  before.current = read(text, before.current, growing);
  const grew = useRef(growing);
  if (growing) grew.current = true;
  const rows = rowsOf(before.current);
  const last = before.current.growing;
  return (
    <TopHeading value={before.current.top ?? depthOf(last)}>
      <div className={grew.current ? "markdown markdown-grown" : "markdown"}>
        {rows.map((row, index) => (
          <Row key={index} blocks={row} last={index === rows.length - 1 ? last : NONE} settled={!growing} />
        ))}
      </div>
    </TopHeading>
  );
});

/** The rows with one that has place for the block that grows: it is there already where it will settle, so that its elements stay. */
const rowsOf = ({ rows, growing }: Blocks): Blocks["rows"] =>
  growing.length > 0 && (rows.at(-1)?.length ?? ROW) === ROW ? [...rows, NONE] : rows;

interface RowProps {
  readonly blocks: readonly Block[];
  readonly last: readonly Block[];
  readonly settled: boolean;
}

const Row = memo(
  ({ blocks, last, settled }: RowProps) => (
    <div className="row">
      {[...blocks, ...last].map((block, index) => (
        <Piece key={block.start} block={block} settled={settled || index < blocks.length} />
      ))}
    </div>
  ),
  (before, after) =>
    before.blocks === after.blocks &&
    before.last === after.last &&
    (before.settled === after.settled || after.last.length === 0),
);

const Piece = memo(
  ({ block, settled }: { readonly block: Block; readonly settled: boolean }) => renderToken(block.token, settled),
  (before, after) => before.block.raw === after.block.raw && before.settled === after.settled,
);
