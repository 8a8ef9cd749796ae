/** The form that makes a key: its texts, and what the API takes of them. */

import type { NewKey } from "@/lib/api/keys";

export interface KeyDraft {
  readonly name: string;
  readonly may: "chat" | "read" | "admin";
  /** How many days it is good for; "" for a key that does not run out. */
  readonly days: string;
  readonly perMinute: string;
  readonly day: string;
  readonly month: string;
}

export const NEW_KEY: KeyDraft = { name: "", may: "chat", days: "90", perMinute: "", day: "", month: "" };

/** The limits that are written as numbers, with the least and the most. */
export const LIMITS = {
  perMinute: [1, 1_000_000],
  day: [0, 1e15],
  month: [0, 1e15],
} as const;

export type Limit = keyof typeof LIMITS;
export type Wrong = { readonly [field in "name" | Limit]?: true };

const SCOPES = { chat: ["chat"], read: ["read"], admin: ["chat", "admin"] } as const;

/** Read the form: what the API is to make, and which fields are no good. */
export function keyOf(draft: KeyDraft): { readonly key: NewKey; readonly wrong: Wrong } {
  const limits = Object.fromEntries(
    (Object.keys(LIMITS) as Limit[]).map((name) => [name, wholeIn(draft[name], LIMITS[name])]),
  ) as Record<Limit, number | null | undefined>;
  const named = draft.name.trim() === "" ? (["name"] as const) : [];
  const off = (Object.keys(LIMITS) as Limit[]).filter((name) => limits[name] === undefined);
  const { perMinute, day = null, month = null } = limits;
  return {
    key: {
      name: draft.name.trim(),
      scopes: SCOPES[draft.may],
      ...(draft.days === "" ? {} : { days: Number(draft.days) }),
      ...(perMinute == null ? {} : { requests_per_minute: perMinute }),
      ...(day === null && month === null ? {} : { quota: { day, month } }),
    },
    wrong: Object.fromEntries([...named, ...off].map((name) => [name, true])),
  };
}

/** The number, null for an empty text, undefined for what is no whole number or out of range. */
function wholeIn(text: string, [least, most]: readonly [number, number]): number | null | undefined {
  if (text.trim() === "") return null;
  // Digits in groups, as people write them: 10,000 or 10 000.
  const value = Number(/^\d{1,3}([,.\s]\d{3})+$/.test(text.trim()) ? text.replace(/[,.\s]/g, "") : text);
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}
