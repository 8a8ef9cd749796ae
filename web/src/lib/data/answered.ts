/** What an answer to another request has already said: the next fetch of the same takes it and asks nobody. */

/** What nobody took for so long may no longer be true. */
const FRESH_MS = 5_000;
const known = new Map<string, { readonly value: unknown; readonly until: number }>();

/** Keep what a fetch of this path would say now. */
export function keepAnswered(path: string, value: unknown): void {
  known.set(path, { value, until: Date.now() + FRESH_MS });
}

/** Take what was kept for a path, once. */
export function takeAnswered<T>(path: string): T | undefined {
  const kept = known.get(path);
  known.delete(path);
  return kept !== undefined && Date.now() < kept.until ? (kept.value as T) : undefined;
}
