"use client";

import useSWR from "swr";
import { documentAt, documentPath, type KnownDocument } from "@/lib/api/knowledge";
import { documentState } from "@/lib/documents";
import { useDocumentEvents } from "@/lib/hooks/use-document-events";
import { useT } from "@/lib/i18n";

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
