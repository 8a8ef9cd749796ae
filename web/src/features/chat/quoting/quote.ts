/** A text as a quotation of Markdown, with room below it to ask. */
export const quoted = (text: string): string =>
  `${text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n")}\n\n`;

/** A draft with a quotation at its end. */
export const withQuote = (draft: string, text: string): string =>
  draft.trim() === "" ? quoted(text) : `${draft.trimEnd()}\n\n${quoted(text)}`;

/** What of a selection lies within one answer: its text, and where it is to be seen. */
export interface Chosen {
  readonly text: string;
  readonly place: DOMRect;
}

/** Return what is selected in an answer; null where nothing is, or more than one message. */
export function chosen(selection: Selection | null): Chosen | null {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const text = selection.toString().trim();
  return text !== "" && isInAnswer(range.commonAncestorContainer)
    ? { text, place: range.getBoundingClientRect() }
    : null;
}

function isInAnswer(node: Node): boolean {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest("article[data-status] .markdown") != null;
}
