"use client";

import { ChevronRight } from "lucide-react";
import { duration } from "@/lib/format";
import { useNow } from "@/lib/hooks/use-now";
import { useLanguage, useT } from "@/lib/i18n";
import { Markdown } from "@/ui/markdown";

export interface ReasoningProps {
  readonly text: string;
  /** When it began and ended here, if this tab saw it. */
  readonly since: number | null;
  readonly until: number | null;
  /** How long it took in milliseconds, as the server knows it once the answer has ended. */
  readonly took: number | null;
  readonly going: boolean;
}

/** What the model thought before it answered, folded away. */
export function Reasoning({ text, since, until, took, going }: ReasoningProps) {
  const t = useT();
  const language = useLanguage();
  const now = useNow(1_000, going);
  if (text === "") return null;
  const end = going ? now : until;
  const seen = since === null || end === null ? null : Math.max(0, end - since);
  const ms = seen ?? (going ? null : took);
  const spent = ms === null ? null : duration(ms, language);
  const key = going ? "reasoning.going" : spent === null ? "reasoning.plain" : "reasoning.took";
  return (
    <details className="group/reasoning mb-3">
      <summary className="flex w-fit max-w-full list-none items-center gap-1.5 rounded-lg py-1 pe-2 text-sm text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 transition-transform group-open/reasoning:rotate-90 rtl:-scale-x-100"
        />
        <span className={going ? "animate-breathe" : ""}>{t(key, { time: spent ?? "" })}</span>
        {going && (
          <span aria-hidden dir="auto" className="min-w-0 flex-1 truncate opacity-70 group-open/reasoning:hidden">
            {lastLine(text)}
          </span>
        )}
      </summary>
      <div className="mt-1 border-s-2 border-line ps-4 text-[0.94rem] text-muted">
        <Markdown text={text} growing={going} />
      </div>
    </details>
  );
}

/** The newest line that says something, without Markdown's marks at its ends. */
export function lastLine(text: string): string {
  const lines = text.slice(-1_000).split("\n");
  const line = lines.findLast((each) => /[\p{L}\p{N}]/u.test(each)) ?? "";
  return line.replace(/^[\s#>*_`-]+|[\s*_`]+$/gu, "");
}
