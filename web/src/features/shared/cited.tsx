"use client";

import type { Shared } from "@/lib/api/sharing";
import { useT } from "@/lib/i18n";

export interface CitedProps {
  readonly citations: Shared["messages"][number]["citations"];
}

/** The passages that an answer cites, as whoever has the link sees them: their beginning, without a way to the document; or that it cites none. */
export function Cited({ citations }: CitedProps) {
  const t = useT();
  if (citations.length === 0) return <p className="mt-3 text-sm text-muted">{t("knowledge.nothingShared")}</p>;
  return (
    <section aria-label={t("knowledge.sources")} className="mt-3 text-sm">
      <h2 className="mb-1 text-xs font-medium text-muted">{t("knowledge.sources")}</h2>
      <ol className="flex flex-col gap-2">
        {citations.map(({ number, name, page, quote }) => (
          <li key={number} value={number}>
            <p className="flex min-w-0 items-baseline gap-2">
              <span className="text-accent tabular-nums">[{number}]</span>
              <bdi className="truncate font-medium">{name}</bdi>
              <span className="shrink-0 text-muted">{t("knowledge.page", { page })}</span>
            </p>
            <blockquote dir="auto" className="border-s-2 border-line ps-3 text-muted wrap-anywhere">
              {quote}
            </blockquote>
          </li>
        ))}
      </ol>
    </section>
  );
}
