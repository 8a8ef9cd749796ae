/** What a model thought, where it stands in the text of its answer between tags, as engines leave it there. */

export interface Divided {
  readonly words: string;
  readonly thoughts: string;
}

const TAG = /<(\/?)(?:think|thinking)>/gi;
const CODE = /(?:^|\n)[ \t]*(`{3,}|~{3,})[\s\S]*?(?:\n[ \t]*\1|$)|`[^`\n]+`/g;

interface Mark {
  readonly closes: boolean;
  readonly at: number;
  readonly after: number;
}

/**
 * Divide an answer. Thoughts are what stands between tags at its beginning or at the beginning of a line, one pair within the other
 * too; what stands before a closing tag alone, since many templates open it themselves; and what follows an opening one that never
 * closes. Tags in code, or in the midst of a sentence, are words.
 */
export function divided(content: string): Divided {
  const words: string[] = [];
  const thoughts: string[] = [];
  let [from, depth] = [0, 0];
  const keep = (until: number) => (depth > 0 ? thoughts : words).push(content.slice(from, until));
  for (const { closes, at, after } of marksOf(content)) {
    if (!closes && depth === 0 && !beginsLine(content, at)) continue;
    if (closes && depth === 0) {
      if (words.length + thoughts.length > 0 || !(beginsLine(content, at) || endsLine(content, after))) continue;
      thoughts.push(content.slice(0, at));
    } else {
      keep(at);
      depth += closes ? -1 : 1;
    }
    from = after;
  }
  keep(content.length);
  if (thoughts.length === 0) return { words: content, thoughts: "" };
  return { words: joined(words), thoughts: joined(thoughts) };
}

/** Two sets of thoughts, one after the other. */
export const joined = (texts: readonly string[]): string =>
  texts
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join("\n\n");

const beginsLine = (content: string, at: number) => /(?:^|\n)[ \t]*$/.test(content.slice(Math.max(0, at - 80), at));

const endsLine = (content: string, after: number) => /^[ \t]*(?:\n|$)/.test(content.slice(after, after + 80));

function marksOf(content: string): Mark[] {
  if (!/<\/?think/i.test(content)) return [];
  const code = [...content.matchAll(CODE)].map((found) => [found.index, found.index + found[0].length] as const);
  return [...content.matchAll(TAG)]
    .map((found) => ({ closes: found[1] === "/", at: found.index, after: found.index + found[0].length }))
    .filter(({ at }) => !code.some(([begin, end]) => begin <= at && at < end));
}
