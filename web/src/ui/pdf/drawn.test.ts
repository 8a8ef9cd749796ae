import type { PDFDocumentProxy } from "pdfjs-dist";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { draw } from "./drawn";

/** A document whose pages come when the test says so. */
function slow() {
  const came: (() => void)[] = [];
  const render = vi.fn(() => ({ promise: Promise.resolve(), cancel: vi.fn() }));
  const page = {
    getTextContent: async () => ({ items: [] }),
    getViewport: () => ({ width: 600, height: 800 }),
    render,
  };
  const getPage = () => new Promise((resolve) => came.push(() => resolve(page)));
  return { document: { getPage } as unknown as PDFDocumentProxy, came, render };
}

beforeEach(() => vi.stubGlobal("devicePixelRatio", 1));
afterEach(() => vi.unstubAllGlobals());

describe("a page that was turned before it came", () => {
  it("leaves the canvas to the next one", async () => {
    const { document, came, render } = slow();
    const canvas = { width: 0, height: 0 } as HTMLCanvasElement;
    const turned = new AbortController();

    const first = draw(document, 1, canvas, 600, "", turned.signal);
    turned.abort();
    const second = draw(document, 2, canvas, 600, "", new AbortController().signal);
    for (const come of came) come();

    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    expect(await second).toMatchObject({ ratio: 0.75 });
    expect(render).toHaveBeenCalledTimes(1);
  });
});
