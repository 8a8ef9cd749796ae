/** Colours for code, line by line: what has been coloured is not coloured again when more code arrives. For the worker alone. */

import {
  createCssVariablesTheme,
  createHighlighterCore,
  type GrammarState,
  type HighlighterCore,
  type ThemedToken,
} from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { bundledLanguages, bundledLanguagesAlias } from "shiki/langs";
import type { Line } from "./painted";

const theme = createCssVariablesTheme({ name: "olamchat", variablePrefix: "--code-" });
const LONGEST = 100_000;
/** A longer line stays plain. */
const LONGEST_LINE = 5_000;
let made: Promise<HighlighterCore> | null = null;

const highlighter = () => {
  made ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  return made;
};

const known = (language: string): language is keyof typeof bundledLanguages =>
  language in bundledLanguages || language in bundledLanguagesAlias;

/** A painter for one code block, or null for a language that nobody knows. */
export async function painter(language: string): Promise<Painter | null> {
  const name = language.toLowerCase();
  if (!known(name)) return null;
  const shiki = await highlighter();
  await shiki.loadLanguage(bundledLanguages[name] ?? bundledLanguagesAlias[name]);
  return new Painter(shiki, name);
}

/** Remembers how far a block is coloured. */
export class Painter {
  private done = "";
  private lines: readonly Line[] = [];
  private state: GrammarState | undefined;

  constructor(
    private readonly shiki: HighlighterCore,
    private readonly lang: string,
  ) {}

  /** Colour the code; only what follows the last whole line that is known is read. */
  paint(code: string): readonly Line[] {
    if (code.length > LONGEST) return code.split("\n").map((content) => [{ content }]);
    if (!code.startsWith(this.done)) {
      this.done = "";
      this.lines = [];
      this.state = undefined;
    }
    const end = code.lastIndexOf("\n") + 1;
    if (end > this.done.length) {
      const tokens = this.read(code.slice(this.done.length, end - 1));
      this.state = this.shiki.getLastGrammarState(tokens);
      this.lines = [...this.lines, ...tokens.map(lineOf)];
      this.done = code.slice(0, end);
    }
    return [...this.lines, ...this.read(code.slice(end)).map(lineOf)];
  }

  private read(code: string): ThemedToken[][] {
    const options = {
      lang: this.lang,
      theme: "olamchat",
      // By time a line would be cut off where the machine is busy, and everything after it coloured as if it went on.
      tokenizeTimeLimit: 0,
      tokenizeMaxLineLength: LONGEST_LINE,
      ...(this.state ? { grammarState: this.state } : {}),
    };
    return this.shiki.codeToTokensBase(code, options);
  }
}

const ITALIC = 1;
const lineOf = (tokens: readonly ThemedToken[]): Line =>
  tokens.map(({ content, color, fontStyle }) => ({
    content,
    color,
    ...(fontStyle === ITALIC ? { italic: true } : {}),
  }));
