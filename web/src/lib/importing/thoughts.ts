/** What a model thought, where it stands in the text of its answer between tags, as engines leave it there. */

export interface Divided {
  readonly words: string;
  readonly thoughts: string;
}

const TAG = new RegExp(
  [
    String.raw`<(?<slash>\/?)(?<name>think|thinking|seed:think|antml:thinking|thought|thoughts|reasoning)(?:\s[^<>\n]{0,60})?>`,
    // Tokens of one model each: Magistral, Kimi-VL, OpenThinker, Command A, gpt-oss.
    String.raw`(?<pair>[[◁])(?<shut>\/?)think[\]▷]`,
    String.raw`<\|(?<opened>begin|end)_of_thought\|>`,
    String.raw`<\|(?<started>start|end)_thinking\|>`,
    String.raw`<\|channel\|>(?<channel>analysis|final)<\|message\|>|(?<end><\|end\|>)|(?<next><\|start\|>assistant)`,
  ].join("|"),
  "giu",
);
const ANYWHERE = new Set(["think", "thinking", "seed:think", "antml:thinking"]);
const CODE = /(?:^|\n)[ \t]*(`{3,}|~{3,})[\s\S]*?(?:\n[ \t]*\1|$)|`[^`\n]+`/g;

/** Tags of one family close each other; a sure one means thoughts wherever a line begins, others at the beginning only. */
interface Tag {
  readonly family: string;
  readonly closes: boolean;
  readonly sure: boolean;
  /** It stands between thoughts and answer and belongs to neither. */
  readonly between?: boolean;
}

interface Mark extends Tag {
  readonly at: number;
  readonly after: number;
}

/**
 * Divide an answer. Thoughts are what stands between tags at its beginning or at the beginning of a line, one pair within the other
 * too; what stands before a closing tag alone, since many templates open it themselves; and what follows an opening one that never
 * closes. Tags in code or in the middle of a sentence are words. The same rules as local/moving/thoughts.py.
 */
export function divided(content: string): Divided {
  const words: string[] = [];
  const thoughts: string[] = [];
  let [from, depth, family] = [0, 0, ""];
  for (const mark of marksOf(content)) {
    const before = content.slice(from, mark.at);
    if (depth > 0) {
      if (mark.family !== family) continue;
      thoughts.push(before);
      depth += mark.closes ? -1 : 1;
    } else if (mark.between) {
      if (before.trim() !== "") continue;
    } else if (mark.closes) {
      if (words.length + thoughts.length > 0 || !standsAlone(content, mark)) continue;
      thoughts.push(before);
    } else {
      if (mark.sure ? !beginsLine(content, mark.at) : before.trim() !== "") continue;
      words.push(before);
      [depth, family] = [1, mark.family];
    }
    from = mark.after;
  }
  (depth > 0 ? thoughts : words).push(content.slice(from));
  if (thoughts.length === 0 && from === 0) return { words: content, thoughts: "" };
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

const standsAlone = (content: string, { sure, at, after }: Mark) =>
  sure && (beginsLine(content, at) || endsLine(content, after));

function tagOf({
  slash,
  name,
  pair,
  shut,
  opened,
  started,
  channel,
  end,
}: Readonly<Record<string, string | undefined>>): Tag {
  if (name !== undefined) {
    const sure = ANYWHERE.has(name.toLowerCase());
    return { family: sure ? "think" : name.toLowerCase(), closes: slash === "/", sure };
  }
  if (pair !== undefined) return { family: pair, closes: shut === "/", sure: true };
  if (opened !== undefined) return { family: "thought", closes: opened.toLowerCase() === "end", sure: true };
  if (started !== undefined) return { family: "thinking", closes: started.toLowerCase() === "end", sure: true };
  const thinks = channel?.toLowerCase() === "analysis";
  return { family: "channel", closes: !thinks, sure: false, between: !thinks && end === undefined };
}

function marksOf(content: string): Mark[] {
  if (content.search(TAG) < 0) return [];
  const code = [...content.matchAll(CODE)].map((found) => [found.index, found.index + found[0].length] as const);
  return [...content.matchAll(TAG)]
    .map((found) => ({ ...tagOf(found.groups ?? {}), at: found.index, after: found.index + found[0].length }))
    .filter(({ at }) => !/^\[\/?think/.test(content.slice(at, at + 8))) // a token in capitals only
    .filter(({ at }) => !code.some(([begin, end]) => begin <= at && at < end));
}
