/**
 * Where marked reads as the specifications say, and models write otherwise: bold beside Chinese, Japanese and Korean punctuation,
 * and a single tilde, which is rather a range or an "about" than struck out.
 */

import { type MarkedExtension, Tokenizer } from "marked";
import { LETTER, shallow } from "./shallow";

const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\u30fb\u30fc\uff00-\uffef`;
const BEGINS_CJK = new RegExp(`^[${CJK}]`, "u");
const isCjk = (letter: string) => BEGINS_CJK.test(letter);
const isPunctuation = (letter: string) => /^[\p{P}\p{S}]/u.test(letter);

// A run of stars or tildes between a punctuation mark and a letter or mark of these scripts, and beside one of their own marks.
const AFTER = new RegExp(String.raw`(?![*~])[\p{P}\p{S}](?=[*~]+[${CJK}])`, "gu");
const BEFORE = new RegExp(String.raw`(?<=[${CJK}][*~]+)(?![*~])[\p{P}\p{S}]`, "gu");
const OWN =
  /[\u3001-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65](?=[*~])|(?<=[*~])[\u3001-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/gu;

const asLetter = (mark: string) => LETTER.repeat(mark.length);

/**
 * The text in which marked looks for stars that close. CommonMark's rule counts on spaces around words, which these scripts don't have:
 * beside them a mark counts as a letter (https://github.com/tats-u/markdown-cjk-friendly has the rule).
 */
export const friendlyMask = (mask: string): string =>
  shallow(/[*~]/.test(mask) ? mask.replace(OWN, asLetter).replace(AFTER, asLetter).replace(BEFORE, asLetter) : mask);

/** Tell whether the mark that a source begins with was taken out of the mask as too deep. */
const isTooDeep = (source: string, mask: string) => mask[mask.length - source.length] === LETTER;

/** What stands before stars that open, as marked is told it: a bracket lets them open before a mark. */
function seenBefore(source: string, before: string): string {
  const next = /^[*~]+([^*~])/u.exec(source)?.[1] ?? "";
  return isPunctuation(next) && (isCjk(before) || isCjk(next)) && before !== "" ? "(" : before;
}

export const emphasis: MarkedExtension = {
  hooks: { emStrongMask: friendlyMask },
  tokenizer: {
    emStrong(source, mask, before = "") {
      if (isTooDeep(source, mask)) return undefined;
      return Tokenizer.prototype.emStrong.call(this, source, mask, seenBefore(source, before));
    },
    del(source, mask, before) {
      if (isTooDeep(source, mask)) return undefined;
      return /^~~(?!~)/.test(source)
        ? Tokenizer.prototype.del.call(this, source, mask, seenBefore(source, before ?? ""))
        : undefined;
    },
    url(source) {
      // An address ends where a Chinese or Japanese sentence goes on without a space.
      const end = source.search(/[\u3000-\u303f\uff00-\uffef”’]/);
      return Tokenizer.prototype.url.call(this, end > 0 ? source.slice(0, end) : source);
    },
  },
};
