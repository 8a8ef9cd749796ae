"use client";

import { FoldVertical } from "lucide-react";
import { useT } from "@/lib/i18n";

export interface LeftOutProps {
  readonly count: number;
  readonly summarised: boolean;
}

/** One quiet line above an answer: how much of the conversation the model was not sent. */
export function LeftOut({ count, summarised }: LeftOutProps) {
  const t = useT();
  if (count === 0) return null;
  return (
    <p data-testid="left-out" className="mb-2 flex items-start gap-2 text-sm text-muted">
      <FoldVertical aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{t(summarised ? "leftOut.summarised" : "leftOut.gone", { count })}</span>
    </p>
  );
}
