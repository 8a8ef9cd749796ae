/**
 * Marks within marks, bounded before they are read: for each one that opens, marked looks through all that follow for the one that
 * closes it, so that a thousand open at once would hold the page up for seconds.
 */

/** More than this are never open at once in what anybody writes. */
export const MOST_OPEN = 60;
/** What stands in the place of a mark that is no longer one. */
export const LETTER = "a";

const RUN = /\*+|_+|~~+/g;

/** The mask with letters in place of the marks that open when too many are open already, and of those that close them. */
export function shallow(mask: string): string {
  const open: { readonly mark: string; readonly kept: boolean }[] = [];
  return mask.replace(RUN, (run: string, at: number) => {
    const [before, after] = [mask[at - 1] ?? " ", mask[at + run.length] ?? " "];
    const mark = run[0] ?? "";
    if (!/\s/.test(before) && open.at(-1)?.mark === mark) return open.pop()?.kept ? run : LETTER.repeat(run.length);
    if (/\s/.test(after)) return run;
    const kept = open.length < MOST_OPEN;
    open.push({ mark, kept });
    return kept ? run : LETTER.repeat(run.length);
  });
}
