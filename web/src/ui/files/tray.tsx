"use client";

import { RotateCw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { fileAt } from "@/lib/api/files";
import { again, detach, isComing, useFileLimits, useTray, type Waiting } from "@/lib/files";
import { size } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { IconButton } from "@/ui/icon-button";
import { DocumentRetry, DocumentState } from "./document-state";
import { KindIcon } from "./kind-icon";
import { Picture } from "./picture";
import { mayHelp, wordsForFile } from "./words";

/** The files beside a draft: what they are, how far they are, and why one was refused. */
export function Tray({ chat }: { readonly chat: string }) {
  const t = useT();
  const tray = useTray(chat);
  if (tray.length === 0) return null;
  return (
    <ul aria-label={t("files.tray")} className="flex max-h-[30dvh] flex-wrap gap-2 overflow-y-auto p-2">
      {tray.map((one) => (
        <Item key={one.key} chat={chat} one={one} />
      ))}
    </ul>
  );
}

function Item({ chat, one }: { readonly chat: string; readonly one: Waiting }) {
  const t = useT();
  const language = useLanguage();
  const limits = useFileLimits();
  const failed = one.error !== null;
  const state = failed ? wordsForFile(one.error, limits, t, language) : size(one.bytes, language);
  return (
    <li
      className={`relative flex max-w-full animate-rise items-center gap-3 overflow-hidden rounded-xl border p-1.5 pe-1 ${failed ? "border-danger/50 bg-danger-soft" : "border-line bg-sunken"}`}
    >
      <span className="flex size-11 shrink-0 items-center justify-center overflow-hidden rounded-lg bg-raised text-muted">
        {one.image ? <Preview one={one} /> : <KindIcon kind={one.kept?.kind ?? "text"} />}
      </span>
      <span className="min-w-0 max-w-52">
        <span dir="auto" className="block truncate text-sm font-medium">
          {one.name}
        </span>
        <span role={failed ? "alert" : undefined} className={`block text-xs ${failed ? "text-danger" : "text-muted"}`}>
          {state}
        </span>
        {one.kept?.document_id && <DocumentState id={one.kept.document_id} />}
      </span>
      <span className="flex shrink-0">
        {failed && one.file !== null && mayHelp(one.error) && (
          <IconButton
            small
            icon={RotateCw}
            label={t("files.again", { name: one.name })}
            onClick={() => again(chat, one.key)}
          />
        )}
        {one.kept?.document_id && <DocumentRetry id={one.kept.document_id} />}
        <IconButton
          small
          icon={X}
          label={t("files.remove", { name: one.name })}
          onClick={() => detach(chat, one.key)}
        />
      </span>
      {isComing(one) && (
        <span
          role="progressbar"
          aria-label={t("files.sending", { name: one.name, percent: Math.round(one.share * 100) })}
          aria-valuenow={Math.round(one.share * 100)}
          className="absolute inset-x-0 bottom-0 h-1 bg-hover"
        >
          <span
            className="block h-full animate-breathe bg-accent transition-[width]"
            style={{ width: `${Math.max(4, one.share * 100)}%` }}
          />
        </span>
      )}
    </li>
  );
}

/** The picture out of this browser's own file while there is one, so that it shows at once. */
function Preview({ one }: { readonly one: Waiting }) {
  const { file, kept } = one;
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (file === null) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  const src = url ?? (kept ? fileAt(kept.id) : null);
  return (
    src && (
      <Picture key={src} src={src} alt="" className="size-full object-cover" fallback={<KindIcon kind="image" />} />
    )
  );
}
