import katex from "katex";
import "katex/dist/katex.min.css";

/** Render a formula as HTML with MathML for screen readers; a faulty one is shown as it was written. */
export const formula = (tex: string, displayMode: boolean): string =>
  katex.renderToString(tex, { displayMode, throwOnError: false, trust: false, strict: "ignore", maxExpand: 200 });
