"use client";

import { FileQuestion } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import type { Citation, Message } from "@/lib/api";
import * as knowledge from "@/lib/api/knowledge";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Skeleton } from "@/ui/skeleton";

const PdfView = fetched(() => import("@/ui/pdf/pdf-view").then((module) => module.PdfView));

export interface CitationsProps {
  readonly message: Message;
}

/** The passages that an answer cites, under it: each opens where it stands. */
export function Citations({ message }: CitationsProps) {
  const t = useT();
  const [shown, setShown] = useState<Citation | null>(null);
  const cited = (message.citations ?? []).filter(({ number }) => message.content.includes(`[${number}]`));
  if (cited.length === 0) return <NothingCited message={message} />;
  return (
    <section aria-label={t("knowledge.sources")} className="mt-3 text-sm">
      <h2 className="mb-1 text-xs font-medium text-muted">{t("knowledge.sources")}</h2>
      <ul className="flex flex-col">
        {cited.map((citation) => (
          <li key={citation.number}>
            <button
              type="button"
              data-passage={citation.number}
              className="-mx-2 flex w-full min-w-0 items-baseline gap-2 rounded-lg px-2 py-1.5 text-start hover:bg-hover"
              onClick={() => setShown(citation)}
            >
              <span className="text-accent tabular-nums">[{citation.number}]</span>
              <bdi className="max-w-1/2 shrink-0 truncate font-medium">{nameOf(citation)}</bdi>
              <span className="shrink-0 text-muted">{t("knowledge.page", { page: citation.page })}</span>
              <bdi className="hidden min-w-0 truncate text-muted sm:inline">{citation.quote}</bdi>
            </button>
          </li>
        ))}
      </ul>
      {shown && <Passage message={message} citation={shown} onClose={() => setShown(null)} />}
    </section>
  );
}

/** One quiet line under an answer that cites nothing of the collections that were searched for it. */
function NothingCited({ message }: CitationsProps) {
  const t = useT();
  const names = message.timings?.looked_in?.join(", ");
  if (!names || message.status !== "done") return null;
  return (
    <p data-testid="nothing-cited" className="mt-3 flex items-start gap-2 text-sm text-muted">
      <FileQuestion aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{t(message.citations?.length ? "knowledge.nothingCited" : "knowledge.nothingFound", { names })}</span>
    </p>
  );
}

const nameOf = ({ path }: Citation): string => path.split("/").at(-1) ?? path;

interface PassageProps extends CitationsProps {
  readonly citation: Citation;
  readonly onClose: () => void;
}

function Passage({ message, citation, onClose }: PassageProps) {
  const t = useT();
  const [paged, setPaged] = useState(false);
  const place = knowledge.citationPath(message.conversation_id, message.id, citation.number);
  const around = `${knowledge.documentPath(citation.document_id)}/passages/${citation.chunk}`;
  const cited = useSWR(place, knowledge.citation, { revalidateOnFocus: false });
  const there = useSWR(around, knowledge.passage, { revalidateOnFocus: false, shouldRetryOnError: false });
  // A document that was replaced has other passages: what was cited stands.
  // What was cited may go on into the passages after it.
  const same = there.data !== undefined && cited.data?.text.startsWith(there.data.text) === true;
  const file = `${knowledge.documentPath(citation.document_id)}/file`;
  return (
    <Dialog title={nameOf(citation)} closeLabel={t("close")} onClose={onClose} shape={paged ? "wide" : "centre"}>
      <p className="mb-3 text-sm text-muted">
        <bdi>
          {[citation.path, t("knowledge.page", { page: citation.page }), citation.heading].filter(Boolean).join(" · ")}
        </bdi>
      </p>
      {cited.error && <p className="text-danger">{wordsFor(cited.error, t)}</p>}
      {!cited.data && !cited.error && <Skeleton lines={5} label={t("loading")} />}
      {same && citation.path.toLowerCase().endsWith(".pdf") && (
        <div className="mb-4">
          <Button look="quiet" onClick={() => setPaged(!paged)}>
            {paged ? t("knowledge.showText") : t("knowledge.showPage", { page: citation.page })}
          </Button>
        </div>
      )}
      {paged && cited.data && <PdfView url={file} page={citation.page} passage={cited.data.text} />}
      {!paged && cited.data && (
        <div dir="auto" className="leading-7 wrap-anywhere whitespace-pre-wrap">
          {same && (
            <span className="text-muted">
              {there.data?.before}
              {"\n"}
            </span>
          )}
          <mark className="rounded bg-accent-soft text-ink">{cited.data.text}</mark>
          {same && there.data && !cited.data.text.includes(there.data.after) && (
            <span className="text-muted">
              {"\n"}
              {there.data.after}
            </span>
          )}
        </div>
      )}
      {there.error !== undefined && <p className="mt-4 text-sm text-muted">{t("knowledge.away")}</p>}
      {there.data && (
        <p className="mt-4">
          <a href={file} download className="text-accent underline underline-offset-2">
            {t("knowledge.download")}
          </a>
        </p>
      )}
    </Dialog>
  );
}
