"use client";

import { type ComponentType, lazy, Suspense, useState } from "react";
import type { MarkdownProps } from "./markdown";

let reader: ComponentType<MarkdownProps> | null = null;

async function load(): Promise<ComponentType<MarkdownProps>> {
  reader = (await import("./markdown")).Markdown;
  return reader;
}

/** Where the reader can't be had, a text stays as it was written. */
const Fetched = lazy(() => load().then(asDefault, () => asDefault(Plain)));
const asDefault = (component: ComponentType<MarkdownProps>) => ({ default: component });

function Plain({ text }: MarkdownProps) {
  return <div className="markdown whitespace-pre-wrap">{text}</div>;
}

/** Fetch what reads Markdown before the first text comes. */
export const prepareMarkdown = (): void => void load().catch(() => undefined);

/** Markdown as elements; until its reader is here, the text as it was written. */
export function Markdown(props: MarkdownProps) {
  // A reader that is here already shows no plain text first.
  const [Reader] = useState<ComponentType<MarkdownProps>>(() => reader ?? Fetched);
  return (
    <Suspense fallback={<Plain {...props} />}>
      <Reader {...props} />
    </Suspense>
  );
}
