"use client";

import { Paperclip } from "lucide-react";
import { useEffect, useState } from "react";
import { attach, useFileLimits } from "@/lib/files";
import { size } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { isOverlaid } from "@/lib/overlay";

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Files may be dropped anywhere on the page; while they hang over it, it says so. */
export function DropZone({ chat }: { readonly chat: string }) {
  const t = useT();
  const language = useLanguage();
  const limits = useFileLimits();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (!isOverlaid()) attach(chat, [...(event.dataTransfer?.files ?? [])], limits);
    };
    const heard = { dragover: onOver, dragleave: onLeave, drop: onDrop } as const;
    for (const [name, listener] of Object.entries(heard)) addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(heard)) removeEventListener(name, listener as EventListener);
    };
  }, [chat, limits]);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-3 z-40 flex animate-rise flex-col items-center justify-center gap-3 rounded-3xl border-2 border-dashed border-accent bg-bg/90 text-center">
      <Paperclip aria-hidden className="size-8 text-accent" />
      <p className="font-serif text-2xl">{t("files.drop")}</p>
      {limits && <p className="text-muted">{t("files.hint", { size: size(limits.file_bytes, language) })}</p>}
    </div>
  );
}
