/** The sources of an answer: what its steps brought from the web, numbered through its steps as the model was told them. */

export interface Source {
  readonly url: string;
  readonly title: string;
}

interface Bringing {
  readonly sources?: readonly Source[] | undefined;
}

const NONE: readonly Source[] = [];

/** The sources in the order of their numbers, each address once. */
export function sourcesOf(steps: readonly Bringing[]): readonly Source[] {
  if (!steps.some(({ sources }) => sources && sources.length > 0)) return NONE;
  const found = new Map<string, Source>();
  for (const { sources = NONE } of steps)
    for (const source of sources) if (!found.has(source.url)) found.set(source.url, source);
  return [...found.values()];
}

/** Define what [1], [2] … lead to, before the text: what stands there stays as the text grows. */
export function withSources(text: string, sources: readonly Source[]): string {
  if (sources.length === 0 || !/\[\d/.test(text)) return text;
  const definitions = sources.map(
    ({ url }, index) => `[${index + 1}]: <${url.replace(/[<>\s]/g, encodeURIComponent)}>`,
  );
  return `${definitions.join("\n")}\n\n${text}`;
}

/** The numbers of the sources that a text cites. */
export function cited(text: string, count: number): ReadonlySet<number> {
  const numbers = [...text.matchAll(/\[(\d{1,3})\]/g)].map(([, number]) => Number(number));
  return new Set(numbers.filter((number) => number >= 1 && number <= count));
}

/** The host of an address, as people know a website by. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}
