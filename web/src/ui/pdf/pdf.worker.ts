/** PDF.js' own thread, a file of ours like every other: the page's policy lets no other in. */
import "pdfjs-dist/build/pdf.worker.min.mjs";
