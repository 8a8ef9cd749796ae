/** The sources of an answer: what its steps brought from the web, numbered as the model was told them. */

interface Brought {
  readonly url: string;
  readonly title: string;
}

export interface Source extends Brought {
  readonly number: number;
}

interface Bringing {
  readonly sources?: readonly Brought[] | undefined;
  /** How many passages of documents the answer had to cite by then. */
  readonly passages?: number;
}

/** Before the number of a passage, in an address that leads to it. */
export const PASSAGE = "#passage-";

const NONE: readonly Source[] = [];

/** The sources in the order of their numbers, each address once. Passages of documents are numbered with them and shown otherwise. */
export function sourcesOf(steps: readonly Bringing[]): readonly Source[] {
  if (!steps.some(({ sources }) => sources && sources.length > 0)) return NONE;
  const before = steps[0]?.passages ?? 0;
  const found = new Map<string, Source>();
  for (const { url, title } of steps.flatMap(({ sources = [] }) => sources))
    if (!found.has(url)) found.set(url, { url, title, number: before + found.size + 1 });
  return [...found.values()].filter(({ url }) => !url.startsWith("document:"));
}

/** What the numbers of an answer's passages lead to: the list under it. */
export const passagesOf = (citations: readonly { readonly number: number }[] | null | undefined): readonly Source[] =>
  (citations ?? []).map(({ number }) => ({ url: `${PASSAGE}${number}`, title: "", number }));

/** Define what [1], [2] … lead to, before the text: what stands there stays as the text grows. */
export function withSources(text: string, sources: readonly Source[]): string {
  if (sources.length === 0 || !/\[\d/.test(text)) return text;
  const definitions = sources.map(({ url, number }) => `[${number}]: <${url.replace(/[<>\s]/g, encodeURIComponent)}>`);
  return `${definitions.join("\n")}\n\n${text}`;
}

/** The numbers that a text cites. */
export function cited(text: string): ReadonlySet<number> {
  return new Set([...text.matchAll(/\[(\d{1,3})\]/g)].map(([, number]) => Number(number)));
}

/** The host of an address, as people know a website by. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}
