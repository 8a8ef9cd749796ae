"use client";

import { RotateCw } from "lucide-react";
import useSWR from "swr";
import { documentAt, documentPath, type KnownDocument, retryDocument } from "@/lib/api/knowledge";
import { documentState } from "@/lib/documents";
import { useDocumentEvents } from "@/lib/hooks/use-document-events";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toasts";

export interface DocumentStateProps {
  readonly id: string;
}

const goesOn = (document: KnownDocument | undefined): boolean =>
  document !== undefined && document.state !== "ready" && document.state !== "failed";
/** What is told of it may be lost: while it is read it is looked at now and then, too. */
const LOOK_MS = 5_000;
const LOOKS = {
  revalidateOnFocus: false,
  revalidateIfStale: false,
  shouldRetryOnError: false,
  refreshInterval: (document: KnownDocument | undefined) => (goesOn(document) ? LOOK_MS : 0),
} as const;

/** How far the reading of an attached file has come, or why it can't be read. */
export function DocumentState({ id }: DocumentStateProps) {
  const t = useT();
  const { data, mutate } = useSWR(documentPath(id), documentAt, LOOKS);
  useDocumentEvents(() => {
    if (data === undefined || goesOn(data)) void mutate();
  });
  if (data === undefined) return null;
  return (
    <span
      data-testid="document-state"
      data-state={data.state}
      className={`block text-xs ${data.state === "failed" ? "text-danger" : "text-muted"}`}
    >
      {documentState(data, t)}
    </span>
  );
}

/** A button to have a file that could not be read, or not all of it, read once more; nothing while that is no use. */
export function DocumentRetry({ id }: DocumentStateProps) {
  const t = useT();
  const { data, mutate } = useSWR(documentPath(id), documentAt, LOOKS);
  if (data === undefined || (data.state !== "failed" && data.error?.code !== "scans")) return null;
  const again = () =>
    void retryDocument(id).then(
      (document) => mutate(document, { revalidate: false }),
      (error: unknown) => toast(wordsFor(error, t), { tone: "danger" }),
    );
  return <IconButton small icon={RotateCw} label={t("knowledge.retry", { name: data.path })} onClick={again} />;
}
