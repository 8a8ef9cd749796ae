"use client";

import { fetched } from "@/lib/fetched";
import type { MarkdownProps } from "./markdown";

/** Markdown as elements; until its reader is here, and where it can't be had, the text as it was written. */
export const Markdown = fetched<MarkdownProps>(
  () =>
    import("./markdown").then(
      (module) => module.Markdown,
      () => Plain,
    ),
  Plain,
);

function Plain({ text }: MarkdownProps) {
  return <div className="markdown whitespace-pre-wrap">{text}</div>;
}

/** Fetch what reads Markdown before the first text comes. */
export const prepareMarkdown = Markdown.prepare;
