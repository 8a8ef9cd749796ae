"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { type Attachment, fileAt } from "@/lib/api/files";
import { fetched } from "@/lib/fetched";
import { size } from "@/lib/format";
import { useLanguage, useT, withSentences } from "@/lib/i18n";
import type { DocumentStateProps } from "./document-state";
import { KindIcon } from "./kind-icon";
import { Picture } from "./picture";

const DocumentState = fetched<DocumentStateProps>(() =>
  withSentences("knowledge", import("./document-state")).then((module) => module.DocumentState),
);
const Lightbox = fetched(() => import("./lightbox").then((module) => module.Lightbox));

export interface AttachmentsProps {
  readonly files: readonly Attachment[];
  readonly faint?: boolean;
  /** Where a file is read, by its id. */
  readonly at?: (id: string) => string;
}

/** The files of a message: images to look at, everything else to download. */
export function Attachments({ files, faint = false, at = fileAt }: AttachmentsProps) {
  const t = useT();
  const [open, setOpen] = useState<number | null>(null);
  if (files.length === 0) return null;
  const images = files.filter((file) => file.kind === "image");
  return (
    <>
      <ul
        aria-label={t("files.of")}
        className={`mb-1 flex max-w-full flex-wrap justify-end gap-2 ${faint ? "opacity-70" : ""}`}
      >
        {files.map((file) => (
          <li key={file.id} className="min-w-0">
            {file.kind === "image" ? (
              <Thumbnail
                file={file}
                src={at(file.id)}
                single={images.length === 1}
                onOpen={() => setOpen(images.indexOf(file))}
              />
            ) : (
              <Chip file={file} href={at(file.id)} />
            )}
          </li>
        ))}
      </ul>
      {open !== null && (
        <Lightbox images={images} sourceOf={at} at={open} onMove={setOpen} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

interface ThumbnailProps {
  readonly file: Attachment;
  readonly src: string;
  readonly single: boolean;
  readonly onOpen: () => void;
}

function Thumbnail({ file, src, single, onOpen }: ThumbnailProps) {
  const t = useT();
  const gone = (
    <span className="flex size-32 flex-col items-center justify-center gap-2 p-2 text-center text-xs text-muted wrap-anywhere">
      <KindIcon kind="image" />
      {t("files.gone", { name: file.name })}
    </span>
  );
  const look = single ? "max-h-60 min-h-12 min-w-12 w-auto max-w-full object-contain" : "size-32 object-cover";
  return (
    <button
      type="button"
      aria-label={t("files.open", { name: file.name })}
      title={file.name}
      onClick={onOpen}
      className="block max-w-full overflow-hidden rounded-2xl border border-line bg-sunken"
    >
      <Picture src={src} alt={file.name} className={look} fallback={gone} />
    </button>
  );
}

function Chip({ file, href }: { readonly file: Attachment; readonly href: string }) {
  const t = useT();
  const language = useLanguage();
  return (
    <a
      href={href}
      download={file.name}
      title={t("files.download", { name: file.name })}
      className="flex max-w-full items-center gap-3 rounded-xl border border-line bg-raised p-2 pe-3 hover:bg-hover"
    >
      <span className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-sunken text-muted">
        <KindIcon kind={file.kind} />
      </span>
      <span className="min-w-0">
        <span dir="auto" className="block max-w-60 truncate text-sm font-medium">
          {file.name}
        </span>
        <span className="block text-xs text-muted">{size(file.bytes, language)}</span>
        {file.document_id && <DocumentState id={file.document_id} />}
      </span>
      <Download aria-hidden className="size-4 shrink-0 text-muted" />
    </a>
  );
}
