"use client";

import { ChevronLeft, ChevronRight, Download, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import type { Attachment } from "@/lib/api/files";
import { useT } from "@/lib/i18n";
import { IconButton } from "@/ui/icon-button";
import { Picture } from "./picture";

export interface LightboxProps {
  readonly images: readonly Attachment[];
  readonly sourceOf: (id: string) => string;
  readonly at: number;
  readonly onMove: (at: number) => void;
  readonly onClose: () => void;
}

/** An image as large as the window; arrow keys lead to the others of its message. */
export function Lightbox({ images, sourceOf, at, onMove, onClose }: LightboxProps) {
  const t = useT();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  const image = images[at];
  if (image === undefined) return null;
  const move = (step: number) => {
    const next = at + step;
    if (next >= 0 && next < images.length) onMove(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") move(event.key === forward ? 1 : -1);
  };
  return createPortal(
    <dialog
      ref={element}
      aria-label={image.name}
      onClose={onClose}
      onKeyDown={onKeyDown}
      className="m-auto hidden h-dvh max-h-none w-screen max-w-none bg-bg text-ink open:flex open:flex-col"
    >
      <header className="flex items-center gap-1 py-2 ps-4 pe-2">
        <h2 dir="auto" className="min-w-0 flex-1 truncate font-medium">
          {image.name}
        </h2>
        <a
          href={sourceOf(image.id)}
          download={image.name}
          aria-label={t("files.download", { name: image.name })}
          title={t("files.download", { name: image.name })}
          className="inline-flex size-10 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-ink"
        >
          <Download aria-hidden className="size-5" strokeWidth={1.75} />
        </a>
        <IconButton icon={X} label={t("close")} onClick={() => element.current?.close()} />
      </header>
      <div className="flex min-h-0 flex-1 items-center justify-center gap-2 p-2 pt-0">
        {images.length > 1 && (
          <IconButton
            icon={ChevronLeft}
            className="rtl:rotate-180"
            label={t("files.before")}
            disabled={at === 0}
            onClick={() => move(-1)}
          />
        )}
        <div className="flex h-full min-w-0 flex-1 items-center justify-center">
          <Picture
            key={image.id}
            src={sourceOf(image.id)}
            alt={image.name}
            className="max-h-full max-w-full object-contain"
            fallback={<p className="text-muted">{t("files.gone", { name: image.name })}</p>}
          />
        </div>
        {images.length > 1 && (
          <IconButton
            icon={ChevronRight}
            className="rtl:rotate-180"
            label={t("files.after")}
            disabled={at === images.length - 1}
            onClick={() => move(1)}
          />
        )}
      </div>
    </dialog>,
    document.body,
  );
}
