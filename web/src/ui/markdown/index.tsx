"use client";

import { lazy, Suspense } from "react";
import type { MarkdownProps } from "./markdown";

const load = () => import("./markdown");
const Ready = lazy(() => load().then((module) => ({ default: module.Markdown })));

/** Fetch what reads Markdown before the first text comes. */
export const prepareMarkdown = (): void => void load();

/** Markdown as elements; until its reader is here, the text as it was written. */
export function Markdown(props: MarkdownProps) {
  return (
    <Suspense fallback={<div className="markdown whitespace-pre-wrap">{props.text}</div>}>
      <Ready {...props} />
    </Suspense>
  );
}
