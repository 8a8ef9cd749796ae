/**
 * The variables of a prompt, as Open WebUI writes them too: `{{topic}}`, or with a type and what belongs to it,
 * `{{lines | number:min=1:default="3"}}`, `{{tone | select:options=["plain","formal"]:default="plain"}}`.
 */

export const TYPES = ["text", "textarea", "number", "date", "checkbox", "select"] as const;
export type Type = (typeof TYPES)[number];

export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly fallback: string;
  readonly placeholder: string;
  readonly required: boolean;
  readonly options: readonly string[];
}

/** What the page knows by itself: nobody is asked for it. */
export interface Known {
  readonly now: Date;
  readonly language: string;
  readonly userName: string;
}

/** What stands in it is taken apart in code: a pattern for that would take minutes for a long run of spaces. */
const HOLE = /\{\{([^{}]*)\}\}/g;
const PROPERTY = /:(\w+)(?:=("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^:]*))?/g;
const OTHER: Readonly<Record<string, Type>> = { string: "text", "datetime-local": "date", range: "number" };

/** The variables in the order in which they stand, each once; the first mention says what it is. */
export function variablesOf(text: string): readonly Variable[] {
  const found = new Map<string, Variable>();
  for (const [, inside = ""] of text.matchAll(HOLE)) {
    const [name, about] = parts(inside);
    if (name !== "" && !found.has(name) && !BY_ITSELF.has(name)) found.set(name, variable(name, about));
  }
  return [...found.values()];
}

/** The text with values in its holes; what nobody gave is left out. */
export function filled(text: string, values: ReadonlyMap<string, string>, known: Known): string {
  return text.replace(HOLE, (hole, inside: string) => {
    const [name] = parts(inside);
    return name === "" ? hole : (BY_ITSELF.get(name)?.(known) ?? values.get(name) ?? "");
  });
}

/** A map, since an object would know `constructor` and its like by itself, too. */
const BY_ITSELF: ReadonlyMap<string, (known: Known) => string> = new Map([
  ["CURRENT_DATE", ({ now, language }: Known) => now.toLocaleDateString(language)],
  ["CURRENT_TIME", ({ now, language }: Known) => now.toLocaleTimeString(language)],
  ["CURRENT_DATETIME", ({ now, language }: Known) => now.toLocaleString(language)],
  ["CURRENT_WEEKDAY", ({ now, language }: Known) => now.toLocaleDateString(language, { weekday: "long" })],
  ["USER_NAME", ({ userName }: Known) => userName],
  ["USER_LANGUAGE", ({ language }: Known) => language],
]);

/** The name and what is said of it after the first bar. */
function parts(inside: string): readonly [name: string, about: string] {
  const [name = "", ...about] = inside.split("|");
  return [name.trim(), about.join("|").trim()];
}

function variable(name: string, about: string): Variable {
  const type = /^[\w-]*/.exec(about)?.[0] ?? "";
  const properties = new Map(
    [...about.slice(type.length).matchAll(PROPERTY)].map(([, key = "", value = "true"]) => [key, value] as const),
  );
  const said = (key: string) => unquoted(properties.get(key) ?? "");
  const options = listOf(properties.get("options") ?? "");
  return {
    name,
    type: (TYPES as readonly string[]).includes(type) ? (type as Type) : (OTHER[type] ?? "text"),
    fallback: said("default"),
    placeholder: said("placeholder"),
    required: properties.has("required"),
    options,
  };
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
}

function listOf(value: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}
