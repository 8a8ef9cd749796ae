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

const HOLE = /\{\{\s*([^\s{}|][^{}|]*?)\s*(?:\|\s*([^{}]*?)\s*)?\}\}/g;
const PROPERTY = /:(\w+)(?:=("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^:]*))?/g;
const OTHER: Readonly<Record<string, Type>> = { string: "text", "datetime-local": "date", range: "number" };

/** The variables in the order in which they stand, each once; the first mention says what it is. */
export function variablesOf(text: string): readonly Variable[] {
  const found = new Map<string, Variable>();
  for (const [, name = "", about = ""] of text.matchAll(HOLE)) {
    if (!found.has(name) && !(name in BY_ITSELF)) found.set(name, variable(name, about));
  }
  return [...found.values()];
}

/** The text with values in its holes; what nobody gave is left out. */
export function filled(text: string, values: ReadonlyMap<string, string>, known: Known): string {
  return text.replace(HOLE, (_, name: string) => BY_ITSELF[name]?.(known) ?? values.get(name) ?? "");
}

const BY_ITSELF: Readonly<Record<string, (known: Known) => string>> = {
  CURRENT_DATE: ({ now, language }) => now.toLocaleDateString(language),
  CURRENT_TIME: ({ now, language }) => now.toLocaleTimeString(language),
  CURRENT_DATETIME: ({ now, language }) => now.toLocaleString(language),
  CURRENT_WEEKDAY: ({ now, language }) => now.toLocaleDateString(language, { weekday: "long" }),
  USER_NAME: ({ userName }) => userName,
  USER_LANGUAGE: ({ language }) => language,
};

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
