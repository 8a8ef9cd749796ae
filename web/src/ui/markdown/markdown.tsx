"use client";

import { memo, useRef } from "react";
import { type Block, NOTHING, read } from "./blocks";
import { renderToken } from "./tokens";

export interface MarkdownProps {
  readonly text: string;
  /** More of it is still to come. */
  readonly growing?: boolean;
}

/** Markdown as elements; while it grows only its last block renders anew. */
export const Markdown = memo(function Markdown({ text, growing = false }: MarkdownProps) {
  const before = useRef(NOTHING);
  before.current = read(text, before.current, growing);
  const { settled, growing: last } = before.current;
  const grew = useRef(growing);
  if (growing) grew.current = true;
  return (
    <div className={grew.current ? "markdown markdown-grown" : "markdown"}>
      {settled.map((block) => (
        <Piece key={block.start} block={block} settled />
      ))}
      {last.map((block) => (
        <Piece key={block.start} block={block} settled={!growing} />
      ))}
    </div>
  );
});

const Piece = memo(
  ({ block, settled }: { readonly block: Block; readonly settled: boolean }) => renderToken(block.token, settled),
  (before, after) => before.block.raw === after.block.raw && before.settled === after.settled,
);
