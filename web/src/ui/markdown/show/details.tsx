"use client";

import { type ReactNode, useState } from "react";

interface DetailsProps {
  readonly open: boolean;
  readonly summary: ReactNode;
  readonly children: ReactNode;
}

/** What can be folded away. One that was open when it came stays so: nothing shuts in front of a reader. */
export function Details({ open, summary, children }: DetailsProps) {
  const [first] = useState(open);
  return (
    <details dir="auto" open={first}>
      {summary && <summary>{summary}</summary>}
      {children}
    </details>
  );
}
