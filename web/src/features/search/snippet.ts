/** A found text with its marks: what lies between \u0002 and \u0003 is what was searched for. */

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

/** Divide a snippet at its marks. */
export function pieces(snippet: string): readonly Piece[] {
  const [before = "", ...marked] = snippet.split("\u0002");
  const rest = marked.flatMap((part) => {
    const [hit = "", after = ""] = part.split("\u0003", 2);
    return [
      { text: hit, hit: true },
      { text: after, hit: false },
    ];
  });
  return [{ text: before, hit: false }, ...rest].filter(({ text }) => text !== "");
}

/** Mark in a title what was searched for, at the beginnings of its words, as the server does in messages. */
export function marked(title: string, query: string): readonly Piece[] {
  const words = query.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return [{ text: title, hit: false }];
  const either = words.sort((a, b) => b.length - a.length).join("|");
  return pieces(title.replace(new RegExp(either, "giu"), "\u0002$&\u0003"));
}
