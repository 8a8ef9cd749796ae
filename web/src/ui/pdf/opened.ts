/** PDFs, opened by PDF.js in a thread of its own. It and its worker are fetched with the first one. */

import { getDocument, type PDFDocumentProxy, PDFWorker } from "pdfjs-dist";

export interface Opened {
  readonly document: Promise<PDFDocumentProxy>;
  /** End the thread and what it still does. */
  readonly close: () => void;
}

/** Open the PDF at this address. Its scripts and forms stay dead, and nothing in it is compiled: the page's policy forbids that. */
export function open(url: string): Opened {
  const port = new Worker(new URL("./pdf.worker.ts", import.meta.url), { type: "module" });
  const worker = PDFWorker.create({ port });
  const task = getDocument({ url, worker, useWasm: false, disableRange: true, disableStream: true, enableXfa: false });
  return {
    document: task.promise,
    close: () => {
      void task.destroy().finally(() => port.terminate());
    },
  };
}
