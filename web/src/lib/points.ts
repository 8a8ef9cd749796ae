/** Code points and the UTF-16 units that JavaScript counts in. The server's offsets are code points. */

const isLead = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isTrail = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

/** Count the code points of a text. */
export function countPoints(text: string): number {
  let count = text.length;
  for (let unit = 1; unit < text.length; unit++) {
    if (isTrail(text.charCodeAt(unit)) && isLead(text.charCodeAt(unit - 1))) count--;
  }
  return count;
}

/** Keep the first `points` code points of a text that has `length` of them. Walks back from the end: cuts are short. */
export function firstPoints(text: string, length: number, points: number): string {
  if (points >= length) return text;
  if (text.length === length) return text.slice(0, points);
  let end = text.length;
  for (let left = length; left > points; left--) {
    end -= end > 1 && isTrail(text.charCodeAt(end - 1)) && isLead(text.charCodeAt(end - 2)) ? 2 : 1;
  }
  return text.slice(0, end);
}
