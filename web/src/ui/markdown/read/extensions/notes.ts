/** Footnotes: [^1] in the text, and `[^1]: …` where the note is written. */

import type { Token, TokenizerAndRendererExtension, Tokens } from "marked";
import { lineIn, markIn } from "./line-in";

export interface NoteToken extends Tokens.Generic {
  readonly type: "note";
  readonly label: string;
  readonly tokens: Token[];
}

export interface NoteRefToken extends Tokens.Generic {
  readonly type: "noteRef";
  readonly label: string;
}

const LABEL = String.raw`\[\^([^\]\s]{1,80})\]`;
const BEGIN = new RegExp(String.raw`^ {0,3}${LABEL}:[ \t]*`);
// The rest of its lines, and what follows an empty line as long as it is indented.
const BODY =
  /^[^\n]*(?:\n(?![ \t]*\n| {0,3}\[\^[^\]\s]+\]:| {0,3}(?:#{1,6}[ \t]|[-*+][ \t]|>|`{3}|~{3}))[^\n]+|\n(?:[ \t]*\n)+(?= {2,}|\t)[^\n]+)*\n*/;
const REFERENCE = new RegExp(`^${LABEL}`);

export const notes: TokenizerAndRendererExtension = {
  name: "note",
  level: "block",
  start: (source) => lineIn(source, /^ {0,3}\[\^[^\]\s]{1,80}\]:/m),
  tokenizer(source) {
    const begin = BEGIN.exec(source);
    if (begin === null) return undefined;
    const body = BODY.exec(source.slice(begin[0].length))?.[0] ?? "";
    const text = body.replace(/\n(?: {4}|\t| {2,3})/g, "\n").trimEnd();
    return {
      type: "note",
      raw: begin[0] + body,
      label: (begin[1] ?? "").toLowerCase(),
      tokens: this.lexer.blockTokens(text, []),
    } satisfies NoteToken;
  },
};

export const noteRefs: TokenizerAndRendererExtension = {
  name: "noteRef",
  level: "inline",
  start: (source) => markIn(source, /\[\^/),
  tokenizer(source) {
    const [raw, label = ""] = REFERENCE.exec(source) ?? [];
    return raw === undefined
      ? undefined
      : ({ type: "noteRef", raw, label: label.toLowerCase() } satisfies NoteRefToken);
  },
};
