/** The settings as a form has them: texts; and back. */

import type { Settings } from "@/lib/api";

export interface Draft {
  readonly system_prompt: string;
  readonly temperature: string;
  readonly top_p: string;
  readonly max_tokens: string;
  readonly seed: string;
  readonly stop: string;
}

export const draftOf = (settings: Settings): Draft => ({
  system_prompt: settings.system_prompt ?? "",
  temperature: settings.temperature?.toString() ?? "",
  top_p: settings.top_p?.toString() ?? "",
  max_tokens: settings.max_tokens?.toString() ?? "",
  seed: settings.seed?.toString() ?? "",
  stop: (settings.stop ?? []).join("\n"),
});

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

export const RANGES: Readonly<Record<"temperature" | "top_p" | "max_tokens" | "seed", Range>> = {
  temperature: { min: 0, max: 2, whole: false },
  top_p: { min: 0, max: 1, whole: false },
  max_tokens: { min: 1, max: 1_000_000, whole: true },
  seed: { min: -2_147_483_648, max: 2_147_483_647, whole: true },
};

export const LIMITS = { system_prompt: 20_000, stops: 8 } as const;

type Writable<T> = { -readonly [name in keyof T]: T[name] };
type Wrong = { readonly [field in keyof Draft]?: true };

/** Read the form: the settings, without what is empty, and which fields are no good. */
export function settingsOf(draft: Draft): { readonly settings: Settings; readonly wrong: Wrong } {
  const wrong: Writable<Wrong> = {};
  const settings: Writable<Settings> = {};
  if (draft.system_prompt.trim() !== "") settings.system_prompt = draft.system_prompt.trim();
  if (draft.system_prompt.length > LIMITS.system_prompt) wrong.system_prompt = true;
  for (const name of ["temperature", "top_p", "max_tokens", "seed"] as const) {
    const value = numberIn(draft[name], RANGES[name]);
    if (value === undefined) wrong[name] = true;
    else if (value !== null) settings[name] = value;
  }
  const stop = draft.stop.split("\n").filter((line) => line !== "");
  if (stop.length > LIMITS.stops) wrong.stop = true;
  if (stop.length > 0) settings.stop = stop;
  return { settings, wrong };
}

/** What the form says, and what it doesn't show as it was: tools, documents, how much to think. */
export const besides = (before: Settings, form: Settings): Settings => {
  const { system_prompt, temperature, top_p, max_tokens, seed, stop, ...others } = before;
  return { ...others, ...form };
};

/** The number, null for an empty text, undefined for what is none or out of range. */
function numberIn(text: string, { min, max, whole }: Range): number | null | undefined {
  if (text.trim() === "") return null;
  const value = Number(text.replace(",", "."));
  const good = Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value));
  return good ? value : undefined;
}
