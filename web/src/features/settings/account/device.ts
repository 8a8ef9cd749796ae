/** What a browser says of itself, in the words that people use. */

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|HeadlessChrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

const found = (list: typeof BROWSERS, agent: string) => list.find(([pattern]) => pattern.test(agent))?.[1];

/** "Firefox · Linux"; a program by its own first word; "" for who says nothing. */
export function deviceOf(agent: string): string {
  const names = [found(BROWSERS, agent), found(SYSTEMS, agent)].filter((name) => name !== undefined);
  return names.length > 0 ? names.join(" · ") : (agent.split(/[\s/]/)[0] ?? "").slice(0, 40);
}

export const isPhone = (agent: string): boolean => /\b(?:iPhone|iPad|Android|Mobile)\b/.test(agent);
