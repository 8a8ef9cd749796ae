/** Prompts in a file: our own, and Open WebUI's export of its prompts. */

import type { NewPrompt } from "../api/prompts";

/** A name as it can be called by: small letters, digits and hyphens. */
export const handleOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

/** The prompts of a file's JSON; null where it is none. Those without a text are left out. */
export function promptsOf(json: unknown): readonly NewPrompt[] | null {
  const list = Array.isArray(json) ? json : record(json).prompts;
  if (!Array.isArray(list)) return null;
  return list.map(record).flatMap((one, index) => {
    const said = text(one.text) || text(one.content);
    const command = text(one.handle) || text(one.command);
    const name = (text(one.name) || text(one.title) || command.replace(/^\//, "")).slice(0, 100);
    if (said === "" || name === "") return [];
    const handle = handleOf(command) || handleOf(name) || `prompt-${index + 1}`;
    return [{ handle, name, text: said.slice(0, 50_000) }];
  });
}
