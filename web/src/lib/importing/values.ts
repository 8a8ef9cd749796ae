/**
 * The values of a JSON text that comes in pieces: the items of an array one by one, each as text of its own, or else the values that stand
 * in it one after the other: a single one, or one on each line. Only where a value begins and ends is looked for; JSON.parse reads it. So a file of any size costs the memory of one conversation.
 */

/** More of one value than this no browser should read at once. */
export const MOST_LETTERS = 64_000_000;

export type Value =
  | { readonly text: string }
  /** A value larger than MOST_LETTERS, passed over; or one whose end never came. */
  | { readonly fault: "tooLarge" | "cutOff" };

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Yield the values of a text. */
export async function* values(pieces: AsyncIterable<string>): AsyncGenerator<Value> {
  const cutter = new Cutter();
  for await (const piece of pieces) yield* cutter.cut(piece);
  yield* cutter.end();
}

class Cutter {
  private depth = 0;
  /** How deep the values stand: 1 within an array, 0 for one value. */
  private level: 0 | 1 | null = null;
  private quoted = false;
  private escaped = false;
  private held: string[] = [];
  private length = 0;

  *cut(piece: string): Generator<Value> {
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const letter = piece.charCodeAt(at);
      if (this.quoted) {
        if (this.escaped) this.escaped = false;
        else if (letter === BACKSLASH) this.escaped = true;
        else if (letter === QUOTE) this.quoted = false;
      } else if (letter === QUOTE) this.quoted = true;
      else if (OPENING.has(letter)) {
        if (this.level === null) {
          this.level = letter === 0x5b ? 1 : 0;
          if (this.level === 1) from = at + 1;
        }
        this.depth++;
      } else if (CLOSING.has(letter) || letter === COMMA) {
        if (letter !== COMMA) this.depth--;
        const ends = letter === COMMA ? this.depth === 1 : this.depth === 0;
        if (ends && (this.level === 1 || letter !== COMMA)) {
          const own = this.level === 0 ? 1 : 0;
          yield* this.take(piece.slice(from, at + own));
          from = at + 1;
        }
        if (this.depth === 0 && letter !== COMMA) this.level = null;
      }
    }
    this.hold(piece.slice(from));
  }

  *end(): Generator<Value> {
    if (this.depth === 0 && !this.quoted) yield* this.take("");
    else yield { fault: this.length > MOST_LETTERS ? "tooLarge" : "cutOff" };
  }

  private hold(text: string): void {
    this.length += text.length;
    if (this.length > MOST_LETTERS) this.held = [];
    else this.held.push(text);
  }

  private *take(rest: string): Generator<Value> {
    this.hold(rest);
    const text = this.held.join("").trim();
    const tooLarge = this.length > MOST_LETTERS;
    this.held = [];
    this.length = 0;
    if (tooLarge) yield { fault: "tooLarge" };
    else if (text !== "") yield { text };
  }
}
