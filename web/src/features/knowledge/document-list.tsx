"use client";

import { RotateCw, Trash2 } from "lucide-react";
import { useEffect } from "react";
import useSWRInfinite from "swr/infinite";
import * as api from "@/lib/api/knowledge";
import { documentState } from "@/lib/documents";
import { size } from "@/lib/format";
import { useDocumentEvents } from "@/lib/hooks/use-document-events";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";

export interface DocumentListProps {
  readonly collection: api.Collection;
  /** Only those that can't be read. */
  readonly failed: boolean;
  /** It rises with every upload. */
  readonly version: number;
  readonly onChange: () => void;
}

/** The documents of a collection, with how far each has been read or why it can't be. */
export function DocumentList({ collection, failed, version, onChange }: DocumentListProps) {
  const t = useT();
  const { data, error, mutate, setSize } = useSWRInfinite(
    (_, previous: api.Documents | null) =>
      previous?.next_cursor === null ? null : api.documentsPath(collection.id, failed, previous?.next_cursor ?? null),
    api.documentsAt,
    { revalidateAll: true },
  );
  useDocumentEvents(() => void mutate());
  useEffect(() => {
    if (version > 0) void mutate();
  }, [version, mutate]);
  const items = data?.flatMap((page) => page.items);
  if (!items && error)
    return (
      <div role="alert" className="flex flex-col items-start gap-3 py-6">
        <p className="text-danger">{wordsFor(error, t)}</p>
        <Button onClick={() => void mutate()}>{t("tryAgain")}</Button>
      </div>
    );
  if (!items) return <Skeleton lines={4} label={t("loading")} />;
  if (items.length === 0) return <p className="py-4 text-muted">{t("knowledge.empty")}</p>;
  const changed = () => {
    void mutate();
    onChange();
  };
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {items.map((document) => (
          <Row key={document.id} document={document} mine={collection.mine} onChange={changed} />
        ))}
      </ul>
      {data?.at(-1)?.next_cursor != null && (
        <div className="flex justify-center py-4">
          <Button look="quiet" onClick={() => void setSize((pages) => pages + 1)}>
            {t("more")}
          </Button>
        </div>
      )}
    </>
  );
}

interface RowProps {
  readonly document: api.KnownDocument;
  readonly mine: boolean;
  readonly onChange: () => void;
}

function Row({ document, mine, onChange }: RowProps) {
  const t = useT();
  const language = useLanguage();
  const { id, path: name } = document;
  const said = (error: unknown) => toast(wordsFor(error, t), { tone: "danger" });
  const restore = () => void api.restoreDocument(id).then(onChange, said);
  const remove = async () => {
    try {
      await api.deleteDocument(id);
    } catch (error) {
      return said(error);
    }
    onChange();
    toast(t("knowledge.deleted", { name }), { action: { label: t("undo"), run: restore } });
  };
  return (
    <li data-state={document.state} className="flex items-center gap-3 py-2">
      <div className="min-w-0 flex-1">
        <a href={`${api.documentPath(id)}/file`} download className="block truncate hover:underline">
          <bdi>{name}</bdi>
        </a>
        <p className={`text-sm ${document.state === "failed" ? "text-danger" : "text-muted"}`}>
          {size(document.bytes, language)} · {documentState(document, t)}
        </p>
      </div>
      {mine && (document.state === "failed" || document.error?.code === "scans") && (
        <IconButton
          icon={RotateCw}
          label={t("knowledge.retry", { name })}
          onClick={() => void api.retryDocument(id).then(onChange, said)}
        />
      )}
      {mine && <IconButton icon={Trash2} label={t("knowledge.delete", { name })} onClick={() => void remove()} />}
    </li>
  );
}
