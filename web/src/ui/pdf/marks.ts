/** Where a passage stands on a page of a PDF: which of its pieces of text it is made of. */

/** Lines that are shorter may stand anywhere. */
const SURE = 12;

/** The pieces that a passage covers. Spaces and hyphens count nothing: those at a line's end are there for one reader and not for the other. */
export function covered(pieces: readonly string[], passage: string): readonly number[] {
  const starts: number[] = [];
  let page = "";
  for (const piece of pieces) {
    starts.push(page.length);
    page += squeezed(piece);
  }
  const found = spans(page, passage);
  return pieces.flatMap((piece, index) => {
    const start = starts[index] ?? 0;
    const end = start + squeezed(piece).length;
    return end > start && found.some(([from, to]) => start < to && end > from) ? [index] : [];
  });
}

/** The passage as a whole, else those of its lines that are there: two readers may put columns in another order. */
function spans(page: string, passage: string): readonly (readonly [number, number])[] {
  const whole = squeezed(passage);
  const at = whole === "" ? -1 : page.indexOf(whole);
  if (at >= 0) return [[at, at + whole.length]];
  return passage
    .split("\n")
    .map(squeezed)
    .filter((line) => line.length >= SURE)
    .flatMap((line) => {
      const place = page.indexOf(line);
      return place < 0 ? [] : [[place, place + line.length] as const];
    });
}

const squeezed = (text: string): string => text.replace(/[\s\u00ad\u200b\u2010-]+/gu, "").toLowerCase();
