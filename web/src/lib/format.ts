/** Numbers and times as people of a language write them. */

/** A duration in the unit that suits it: 0.4 s, 12 s, 3 min; a clock that runs shows `whole` seconds. */
export function duration(ms: number, language: string, whole = false): string {
  const [value, unit, digits] =
    ms < 10_000 && !whole
      ? [ms / 1000, "second", 1]
      : ms < 90_000
        ? [ms / 1000, "second", 0]
        : [ms / 60_000, "minute", 0];
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: unit as string,
    unitDisplay: "short",
    maximumFractionDigits: digits as number,
  }).format(value as number);
}

export type Age = "today" | "yesterday" | "week" | "month" | "older";

/** The group of the sidebar that a time belongs to. */
export function ageOf(time: string, now: Date): Age {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const days = Math.ceil((midnight - Date.parse(time)) / 86_400_000);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days <= 7) return "week";
  return days <= 30 ? "month" : "older";
}

export const count = (value: number, language: string): string => new Intl.NumberFormat(language).format(value);

/** 32768 as 32k: how people name a context length. */
export const contextLength = (tokens: number): string =>
  tokens >= 1000 ? `${Math.round(tokens / 1024)}k` : String(tokens);

export const dateTime = (time: string, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));

/** The hour and minute: 14:05. */
export const timeOfDay = (time: string, language: string): string =>
  new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(time));

/** A day as one speaks of it: today, yesterday, Monday, 2 March; the year where it is another one. */
export function dayOf(time: string, language: string, now: Date): string {
  const age = ageOf(time, now);
  if (age === "today" || age === "yesterday") {
    const day = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(age === "today" ? 0 : -1, "day");
    return day.charAt(0).toLocaleUpperCase(language) + day.slice(1);
  }
  const date = new Date(time);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", ...year }).format(date);
}

/** A size in the unit that suits it: 640 byte, 12 kB, 3.4 MB. */
export function size(bytes: number, language: string): string {
  const power = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: ["byte", "kilobyte", "megabyte", "gigabyte"][power] as string,
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}
