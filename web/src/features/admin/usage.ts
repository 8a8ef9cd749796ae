/** What was used, put together for a plot: by day, and by person or model. */

import type { Spent } from "@/lib/api/admin";

export type By = "email" | "model";

export interface Amount {
  readonly prompt: number;
  readonly completion: number;
  readonly answers: number;
}

export interface Day extends Amount {
  readonly day: string;
}

export interface Share extends Amount {
  readonly name: string;
}

const NOTHING: Amount = { prompt: 0, completion: 0, answers: 0 };

const plus = (amount: Amount, spent: Spent): Amount => ({
  prompt: amount.prompt + spent.prompt_tokens,
  completion: amount.completion + spent.completion_tokens,
  answers: amount.answers + spent.answers,
});

export const tokens = (amount: Amount): number => amount.prompt + amount.completion;

/** Each of the last days (UTC) up to today, oldest first, those without anything too. */
export function byDay(items: readonly Spent[], days: number, today: Date): readonly Day[] {
  const known = grouped(items, (spent) => spent.day);
  return Array.from({ length: days }, (_, index) => {
    const at = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - days + 1 + index);
    const day = new Date(at).toISOString().slice(0, 10);
    return { day, ...(known.get(day) ?? NOTHING) };
  });
}

/** Who, or which model, took how much: the most first. */
export function ranked(items: readonly Spent[], by: By): readonly Share[] {
  const shares = [...grouped(items, (spent) => spent[by])].map(([name, amount]) => ({ name, ...amount }));
  return shares.sort((one, other) => tokens(other) - tokens(one) || one.name.localeCompare(other.name));
}

export const total = (items: readonly Spent[]): Amount => items.reduce(plus, NOTHING);

function grouped(items: readonly Spent[], keyOf: (spent: Spent) => string): ReadonlyMap<string, Amount> {
  const groups = new Map<string, Amount>();
  for (const spent of items) groups.set(keyOf(spent), plus(groups.get(keyOf(spent)) ?? NOTHING, spent));
  return groups;
}
