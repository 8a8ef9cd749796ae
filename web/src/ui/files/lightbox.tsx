"use client";

import { ChevronLeft, ChevronRight, Download } from "lucide-react";
import type { KeyboardEvent } from "react";
import type { Attachment } from "@/lib/api/files";
import { useT } from "@/lib/i18n";
import { Dialog } from "@/ui/dialog";
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
  return (
    <Dialog title={image.name} closeLabel={t("close")} shape="full" onClose={onClose} onKeyDown={onKeyDown}>
      <div className="flex h-dvh flex-col">
        <header className="flex items-center gap-1 py-2 ps-4 pe-14">
          <p aria-hidden dir="auto" className="min-w-0 flex-1 truncate font-medium">
            {image.name}
          </p>
          <a
            href={sourceOf(image.id)}
            download={image.name}
            aria-label={t("files.download", { name: image.name })}
            data-tip={t("files.download", { name: image.name })}
            className="inline-flex size-10 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
          >
            <Download aria-hidden className="size-5" strokeWidth={1.75} />
          </a>
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
      </div>
    </Dialog>
  );
}
