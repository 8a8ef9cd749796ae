"use client";

import { useT } from "@/lib/i18n";
import { cited, hostOf, type Source } from "@/lib/sources";

export interface SourcesProps {
  readonly sources: readonly Source[];
  /** The text that may cite them. */
  readonly text: string;
}

/** What an answer has from where: those it cites in sight, the others to unfold. No picture of a website is fetched: that would tell it who reads. */
export function Sources({ sources, text }: SourcesProps) {
  const t = useT();
  if (sources.length === 0) return null;
  const numbers = cited(text);
  const seen = sources.filter(({ number }) => numbers.has(number));
  const others = sources.filter(({ number }) => !numbers.has(number));
  return (
    <section aria-label={t("answer.sources")} className="mt-4 text-sm">
      {seen.length > 0 && (
        <>
          <h4 className="mb-1 text-xs font-medium text-muted">{t("answer.sources")}</h4>
          <List sources={seen} />
        </>
      )}
      {others.length > 0 && (
        <details className="mt-1">
          <summary className="w-fit cursor-pointer rounded py-1 text-muted hover:text-ink pointer-coarse:py-2.5">
            {t(seen.length > 0 ? "answer.moreSources" : "answer.sourcesRead", { count: others.length })}
          </summary>
          <List sources={others} />
        </details>
      )}
    </section>
  );
}

function List({ sources }: { readonly sources: readonly Source[] }) {
  return (
    <ol className="flex flex-col">
      {sources.map(({ url, title, number }) => (
        <li key={url} value={number} className="flex min-w-0 items-baseline gap-2 py-0.5">
          <span className="w-6 shrink-0 text-end text-muted tabular-nums">{number}</span>
          <a
            href={/^https?:/i.test(url) ? url : undefined}
            target="_blank"
            rel="noopener noreferrer nofollow"
            title={url}
            className="flex min-w-0 items-baseline gap-2 rounded hover:underline pointer-coarse:py-2"
          >
            <bdi className="truncate">{title}</bdi>
            <bdi dir="ltr" className="shrink-0 text-muted">
              {hostOf(url)}
            </bdi>
          </a>
        </li>
      ))}
    </ol>
  );
}
