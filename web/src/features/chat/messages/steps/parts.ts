/** An answer's text cut where its steps stand. */

import type { Message, Step } from "@/lib/api";
import { firstPoints } from "@/lib/points";

/** What shows an answer's text with its steps is given. */
export interface WrittenProps {
  readonly message: Message;
  readonly text: string;
  readonly steps: readonly Step[];
  readonly writing: boolean;
}

/** A piece of the text, and the steps that were taken after it. */
export interface Part {
  readonly at: number;
  readonly text: string;
  readonly steps: readonly Step[];
}

/** Cut a text of `length` code points at the offsets of its steps; what follows the last of them is the last part. */
export function parts(text: string, length: number, steps: readonly Step[]): readonly Part[] {
  const places = [...new Set(steps.map(({ at }) => Math.min(at, length)))].sort((one, other) => one - other);
  let begins = 0;
  const cut = places.map((at) => {
    const head = firstPoints(text, length, at);
    const part = { at, text: head.slice(begins), steps: steps.filter((step) => Math.min(step.at, length) === at) };
    begins = head.length;
    return part;
  });
  return [...cut, { at: length, text: text.slice(begins), steps: [] }];
}

/** What a tool was asked, in one line: the first of its arguments that says something, or the JSON as it is. */
export function summary(json: string): string {
  const values = valuesOf(json);
  const said = values.find((value) => typeof value === "string" && value.trim() !== "") ?? values[0];
  const line = said === undefined ? "" : typeof said === "string" ? said : JSON.stringify(said);
  return line.replace(/\s+/g, " ").trim().slice(0, 200);
}

/** The arguments as a person reads them; what is not JSON stays as it is. */
export function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

function valuesOf(json: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return value !== null && typeof value === "object" ? Object.values(value) : [value];
  } catch {
    return json === "" ? [] : [json];
  }
}
