/** What may be followed or shown: addresses of known kinds only. */

import { decodeNamedCharacterReference } from "decode-named-character-reference";

const KINDS = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The address if it is absolute and of a harmless kind, else null. */
export function safeAddress(address: string): string | null {
  try {
    const url = new URL(address);
    return KINDS.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Read character references as CommonMark does, those of HTML and numbers; what is none stays as it is. */
export function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z][a-z\d]{1,31});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return decodeNamedCharacterReference(name) || whole;
    const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  });
}
