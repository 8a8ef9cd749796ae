"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import { useT } from "@/lib/i18n";
import { IconButton } from "@/ui/icon-button";
import { Skeleton } from "@/ui/skeleton";
import { type Drawn, draw } from "./drawn";
import { open } from "./opened";

/** Width by height, until the page is there. */
const A4 = Math.SQRT1_2;

export interface PdfViewProps {
  readonly url: string;
  readonly page: number;
  /** It is marked on its page. */
  readonly passage: string;
}

/** A PDF, a page at a time: it opens where the passage stands, and the arrow keys turn its pages. */
export function PdfView({ url, page: first, passage }: PdfViewProps) {
  const t = useT();
  const [document, setDocument] = useState<PDFDocumentProxy | null>(null);
  const [broken, setBroken] = useState(false);
  const [page, setPage] = useState(first);
  useEffect(() => {
    const opened = open(url);
    let here = true;
    opened.document.then(
      (known) => here && setDocument(known),
      () => here && setBroken(true),
    );
    return () => {
      here = false;
      opened.close();
    };
  }, [url]);
  if (broken) return <p className="text-danger">{t("knowledge.notShown")}</p>;
  if (!document) return <Skeleton lines={8} label={t("loading")} />;
  const turn = (by: number) => setPage((now) => Math.min(document.numPages, Math.max(1, now + by)));
  return (
    <section
      aria-label={t("knowledge.pages")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys turn pages, and it scrolls
      tabIndex={0}
      className="flex flex-col gap-3 rounded-lg"
      onKeyDown={({ key }) => {
        if (key === "ArrowLeft" || key === "PageUp") turn(-1);
        if (key === "ArrowRight" || key === "PageDown") turn(1);
      }}
    >
      <div className="flex items-center justify-center gap-2">
        <IconButton icon={ChevronLeft} label={t("knowledge.before")} disabled={page <= 1} onClick={() => turn(-1)} />
        <p aria-live="polite" className="min-w-28 text-center text-sm text-muted tabular-nums">
          {t("knowledge.pageOf", { page, all: document.numPages })}
        </p>
        <IconButton
          icon={ChevronRight}
          label={t("knowledge.after")}
          disabled={page >= document.numPages}
          onClick={() => turn(1)}
        />
      </div>
      <Sheet document={document} page={page} passage={page === first ? passage : ""} onFail={() => setBroken(true)} />
    </section>
  );
}

interface SheetProps {
  readonly document: PDFDocumentProxy;
  readonly page: number;
  readonly passage: string;
  readonly onFail: () => void;
}

function Sheet({ document, page, passage, onFail }: SheetProps) {
  const t = useT();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const failed = useRef(onFail);
  failed.current = onFail;
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  useEffect(() => {
    if (!canvas.current || !frame.current) return;
    const turned = new AbortController();
    const { signal } = turned;
    setDrawn(null);
    draw(document, page, canvas.current, frame.current.clientWidth, passage, signal).then(
      (told) => signal.aborted || setDrawn(told),
      () => signal.aborted || failed.current(),
    );
    return () => turned.abort();
  }, [document, page, passage]);
  useEffect(() => {
    if (drawn) frame.current?.querySelector("mark")?.scrollIntoView({ block: "center" });
  }, [drawn]);
  return (
    <div
      ref={frame}
      data-page={drawn ? page : undefined}
      className="relative w-full overflow-hidden rounded border border-line bg-white"
      style={{ aspectRatio: drawn?.ratio ?? A4 }}
    >
      <canvas ref={canvas} role="img" aria-label={t("knowledge.page", { page })} className="size-full" />
      <p className="sr-only">{drawn?.text}</p>
      {drawn?.boxes.map(({ left, top, width, height }) => (
        <mark
          key={`${left} ${top}`}
          aria-hidden
          className="absolute bg-[rgb(255_213_79/45%)] mix-blend-multiply"
          style={{ left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` }}
        />
      ))}
    </div>
  );
}
