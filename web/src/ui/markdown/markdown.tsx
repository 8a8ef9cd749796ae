"use client";

import { memo, useEffect, useId, useMemo, useRef } from "react";
import { type Block, depthOf, NOTHING, read } from "./read/blocks";
import { prepareClosing } from "./read/closing";
import { Growing, type RowProps, sameRow } from "./show/growing";
import { TopHeading } from "./show/heading";
import { Live } from "./show/live";
import { Notes } from "./show/notes";
import { renderToken } from "./show/tokens";
import { useGradually } from "./use-gradually";

export interface MarkdownProps {
  readonly text: string;
  /** More of it is still to come. */
  readonly growing?: boolean;
}

/** Markdown as elements; while it grows only its last block renders again. */
export const Markdown = memo(function Markdown({ text: whole, growing: unfinished = false }: MarkdownProps) {
  const text = useGradually(whole);
  const growing = unfinished || text !== whole;
  useEffect(() => void prepareClosing(), []);
  const before = useRef(NOTHING);
  before.current = read(text, before.current, growing);
  const grew = useRef(growing);
  if (growing) grew.current = true;
  const { rows, growing: last, top, notes } = before.current;
  const prefix = useId();
  const known = useMemo(() => ({ prefix, labels: notes }), [prefix, notes]);
  return (
    <TopHeading value={top ?? depthOf(last)}>
      <Notes value={known}>
        <Live value={unfinished}>
          <div className={grew.current ? "markdown markdown-grown" : "markdown"}>
            <Growing rows={rows} last={last} settled={!growing} mode={null} Row={Row} />
          </div>
        </Live>
      </Notes>
    </TopHeading>
  );
});

const Row = memo(function Row({ parts, last, settled }: RowProps<Block, null>) {
  return (
    <div className="row">
      {[...parts, ...last].map((block, index) => (
        <Piece key={block.start} block={block} settled={settled || index < parts.length} />
      ))}
    </div>
  );
}, sameRow);

const Piece = memo(function Piece({ block, settled }: { readonly block: Block; readonly settled: boolean }) {
  return renderToken(block.token, settled, block.parts);
});
