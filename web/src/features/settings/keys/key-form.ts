/** The forms that make a key and change one: their texts, and what the API takes of them. */

import type { ApiKey, KeyChange, NewKey } from "@/lib/api/keys";

export type May = "chat" | "read" | "admin";

export interface KeyDraft {
  readonly name: string;
  readonly may: May;
  /** How many days it is good for; "" for a key that does not run out, KEEP for as long as it was. */
  readonly days: string;
  readonly perMinute: string;
  readonly day: string;
  readonly month: string;
}

export const DAYS = ["30", "90", "365", ""] as const;
export const KEEP = "keep";

export const NEW_KEY: KeyDraft = { name: "", may: "chat", days: "90", perMinute: "", day: "", month: "" };

/** The limits that are written as numbers, with the least and the most. */
export const LIMITS = {
  perMinute: [1, 1_000_000],
  day: [0, 1e15],
  month: [0, 1e15],
} as const;

export type Limit = keyof typeof LIMITS;
export type Wrong = { readonly [field in "name" | Limit]?: true };

const SCOPES: { readonly [may in May]: NonNullable<NewKey["scopes"]> } = {
  chat: ["chat"],
  read: ["read"],
  admin: ["chat", "admin"],
};

/** What a key opens, in one word. */
export const mayOf = (scopes: ApiKey["scopes"]): May =>
  scopes.includes("admin") ? "admin" : scopes.includes("chat") ? "chat" : "read";

/** What a key can be made to open: what it does, or less. */
export function lesser({ scopes }: ApiKey): readonly May[] {
  const opened = new Set([...scopes, ...(scopes.includes("chat") ? ["read"] : [])]);
  const choices = (Object.keys(SCOPES) as May[]).filter((may) => SCOPES[may].every((scope) => opened.has(scope)));
  return [...new Set([mayOf(scopes), ...choices])];
}

/** Read the form: what the API is to make, and which fields are no good. */
export function keyOf(draft: KeyDraft): { readonly key: NewKey; readonly wrong: Wrong } {
  const { name, limits, quota, wrong } = read(draft);
  return {
    key: {
      name,
      scopes: SCOPES[draft.may],
      ...(draft.days === "" ? {} : { days: Number(draft.days) }),
      ...(limits.perMinute == null ? {} : { requests_per_minute: limits.perMinute }),
      ...(quota === null ? {} : { quota }),
    },
    wrong,
  };
}

/** Return the form that shows a key as it is. */
export const draftOf = ({ name, scopes, requests_per_minute, quota }: ApiKey): KeyDraft => ({
  name,
  may: mayOf(scopes),
  days: KEEP,
  perMinute: requests_per_minute?.toString() ?? "",
  day: quota?.day?.toString() ?? "",
  month: quota?.month?.toString() ?? "",
});

/** Read the form that changes a key: what is another than it was, and which fields are no good. */
export function changeOf(draft: KeyDraft, was: ApiKey): { readonly change: KeyChange; readonly wrong: Wrong } {
  const { name, limits, quota, wrong } = read(draft);
  const sameQuota =
    (quota?.day ?? null) === (was.quota?.day ?? null) && (quota?.month ?? null) === (was.quota?.month ?? null);
  return {
    change: {
      ...(name === was.name ? {} : { name }),
      ...(draft.may === mayOf(was.scopes) ? {} : { scopes: SCOPES[draft.may] }),
      ...(draft.days === KEEP ? {} : { days: draft.days === "" ? null : Number(draft.days) }),
      ...(limits.perMinute === was.requests_per_minute ? {} : { requests_per_minute: limits.perMinute ?? null }),
      ...(sameQuota ? {} : { quota }),
    },
    wrong,
  };
}

function read(draft: KeyDraft) {
  const names = Object.keys(LIMITS) as Limit[];
  const limits = Object.fromEntries(names.map((name) => [name, wholeIn(draft[name], LIMITS[name])])) as Record<
    Limit,
    number | null | undefined
  >;
  const name = draft.name.trim();
  const off = [...(name === "" ? ["name"] : []), ...names.filter((each) => limits[each] === undefined)];
  const { day = null, month = null } = limits;
  const wrong: Wrong = Object.fromEntries(off.map((each) => [each, true]));
  return { name, limits, quota: day === null && month === null ? null : { day, month }, wrong };
}

/** The number, null for an empty text, undefined for what is no whole number or out of range. */
function wholeIn(text: string, [least, most]: readonly [number, number]): number | null | undefined {
  if (text.trim() === "") return null;
  // Digits in groups, as people write them: 10,000 or 10 000.
  const value = Number(/^\d{1,3}([,.\s]\d{3})+$/.test(text.trim()) ? text.replace(/[,.\s]/g, "") : text);
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
}
