/** One page of a PDF, drawn as wide as there is room, with what is cited marked. */

import { type PDFDocumentProxy, type PDFPageProxy, Util } from "pdfjs-dist";
import { covered } from "./marks";

/** A rectangle on the page, in parts of its width and height. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Drawn {
  /** Width by height. */
  readonly ratio: number;
  readonly boxes: readonly Box[];
  /** What stands on it, for who listens to the page. */
  readonly text: string;
}

interface Piece {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** Pixels that a canvas may have: a phone has no more, and a poster none the less. */
const MOST_PIXELS = 8_000_000;

/** Draw a page. A canvas takes one page at a time: abort `signal` before drawing the next one on it, and this one leaves it alone. */
export async function draw(
  document: PDFDocumentProxy,
  number: number,
  canvas: HTMLCanvasElement,
  width: number,
  passage: string,
  signal: AbortSignal,
): Promise<Drawn> {
  const page = await document.getPage(number);
  const { pieces, text } = await said(page);
  signal.throwIfAborted();
  const plain = page.getViewport({ scale: 1 });
  const wanted = (width / plain.width) * devicePixelRatio;
  const viewport = page.getViewport({
    scale: Math.min(wanted, Math.sqrt(MOST_PIXELS / (plain.width * plain.height))),
  });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  const task = page.render({ canvas, viewport });
  signal.addEventListener("abort", () => task.cancel());
  await task.promise;
  const marked = covered(
    pieces.map(({ str }) => str),
    passage,
  );
  const boxes = marked.flatMap((index) => {
    const piece = pieces[index];
    return piece ? [box(piece, plain)] : [];
  });
  return { ratio: plain.width / plain.height, boxes, text };
}

async function said(page: PDFPageProxy): Promise<{ readonly pieces: readonly Piece[]; readonly text: string }> {
  const { items } = await page.getTextContent();
  const pieces = items.flatMap((item) => ("str" in item ? [item as Piece] : []));
  return { pieces, text: pieces.map(({ str }) => str).join(" ") };
}

function box(piece: Piece, viewport: ReturnType<PDFPageProxy["getViewport"]>): Box {
  const [a, b, c, d, x, y] = Util.transform(viewport.transform, [...piece.transform]) as number[];
  const height = Math.hypot(c ?? 0, d ?? 0) || piece.height || Math.hypot(a ?? 0, b ?? 0);
  return {
    left: (x ?? 0) / viewport.width,
    top: ((y ?? 0) - height) / viewport.height,
    width: piece.width / viewport.width,
    height: (height * 1.2) / viewport.height,
  };
}
