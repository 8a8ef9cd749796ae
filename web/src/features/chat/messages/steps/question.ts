/** A form that a tool's server asks for: what stands in it at first, and what of it is sent. */

import type { Step } from "@/lib/api";
import type { Reply } from "@/lib/api/tools";

export type Question = NonNullable<Step["question"]>;
export type Field = Question["fields"][number];
/** Numbers are kept as they are typed. */
export type Value = string | boolean | readonly string[];
export type Values = Readonly<Record<string, Value | undefined>>;

export function beginning({ fields }: Question): Values {
  return Object.fromEntries(fields.map((field) => [field.name, first(field)]));
}

function first({ kind, preset }: Field): Value {
  if (kind === "yes_or_no") return preset === true;
  if (kind === "several") return Array.isArray(preset) ? preset : [];
  return preset === null ? "" : String(preset);
}

/** What is sent: of the fields that have something in them. */
export function filled({ fields }: Question, values: Values): Reply {
  const entries = fields.map((field): readonly [string, Reply[string] | undefined] => [
    field.name,
    sent(field, values[field.name]),
  ]);
  return Object.fromEntries(entries.filter((entry): entry is [string, Reply[string]] => entry[1] !== undefined));
}

function sent({ kind }: Field, value: Value | undefined): Reply[string] | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return value.length > 0 ? [...value] : undefined;
  return kind === "number" || kind === "integer" ? Number(value) : value;
}

const TYPES = { email: "email", uri: "url", date: "date" } as const;

/** The kind of the browser's own input; a time with its zone is written by hand. */
export function inputType({ kind, format }: Field): "text" | "number" | "email" | "url" | "date" {
  if (kind === "number" || kind === "integer") return "number";
  return format === null || format === "date-time" ? "text" : TYPES[format];
}
