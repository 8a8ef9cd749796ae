/**
 * Where in a paragraph a line begins that ends it; undefined where none does. marked asks at each paragraph with all that follows, so
 * that only the paragraph is searched: to the end of the text each time would take a long text's length squared.
 */
export function lineIn(source: string, line: RegExp): number | undefined {
  const end = source.search(/\n[ \t]*\n/);
  const lines = end < 0 ? source : source.slice(0, end);
  const first = lines.indexOf("\n") + 1;
  const found = first > 0 ? lines.slice(first).search(line) : -1;
  return found < 0 ? undefined : first + found;
}

const NEAR = 256;

/**
 * Where in a line of words the next mark begins, or how far there is none: marked asks at each word with all that follows. Where it
 * is told of a place without a mark, it joins the words again.
 */
export function markIn(source: string, mark: RegExp): number | undefined {
  const found = source.slice(0, NEAR).search(mark);
  if (found >= 0) return found;
  return source.length > NEAR ? NEAR - 1 : undefined;
}
