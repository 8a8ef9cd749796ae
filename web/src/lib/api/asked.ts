/** What the page asked for before its scripts were there (app/early.ts). Each answer is taken once, by the first call that wants the same. */

declare global {
  interface Window {
    olamchatAsked?: Record<string, Promise<Response>>;
  }
}

/** What nobody took so long after the page was opened may not be true any more. */
const FRESH_MS = 20_000;

/** Take the answer to a path, if it was asked for. */
export function takeAsked(path: string): Promise<Response> | undefined {
  if (typeof window === "undefined" || performance.now() > FRESH_MS) return undefined;
  const answer = window.olamchatAsked?.[path];
  delete window.olamchatAsked?.[path];
  return answer;
}

/** Forget all of it: something is changed, or somebody else comes. */
export function forgetAsked(): void {
  if (typeof window !== "undefined") window.olamchatAsked = {};
}
