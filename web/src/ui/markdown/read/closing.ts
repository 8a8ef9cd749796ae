/**
 * The marks that a growing text has not closed yet, closed for show: no flash of ** or of half a link. What does it is fetched after the
 * page: a whole text needs none of it, and until it is there a text is shown as it came.
 */

// What it would write otherwise than the finished text is read.
const ASIDE = { singleTilde: false, comparisonOperators: false };

let close = (text: string): string => text;
let fetching: Promise<void> | null = null;

/** Fetch it; where it can't be had, the next text asks again. */
export function prepareClosing(): Promise<void> {
  fetching ??= import("remend").then(
    ({ default: remend }) => {
      close = (text) => remend(text, ASIDE);
    },
    () => {
      fetching = null;
    },
  );
  return fetching;
}

/** Return a text with its open marks closed. */
export const withClosed = (text: string): string => close(text);
