/** Send conversations in, one after the other, and tell how it goes. */

import { hasCode, OfflineError, ProblemError, passing } from "../api";
import { call } from "../api/call";
import type { components } from "../api/generated";
import type { Left, Parsed, Talk } from "./talk";

/** What one request may carry, with room for its frame. */
export const MOST_BODY_BYTES = 1_000_000;
const TRIES = 6;

export interface Report {
  readonly done: number;
  readonly total: number;
  readonly made: number;
  readonly there: number;
  readonly left: readonly Left[];
}

type Imported = components["schemas"]["Imported"];
export type Send = (talk: Talk, signal: AbortSignal) => Promise<Imported>;

const send: Send = (talk, signal) => call<Imported>("POST", "/api/conversations/import", { body: talk, signal });

/** Import all that a file holds. What is refused is in the report and stops nothing; what is lost on the way is tried again. */
export async function run(
  parsed: Parsed,
  tell: (report: Report) => void,
  signal: AbortSignal,
  by: Send = send,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<Report> {
  let report: Report = { done: 0, total: parsed.talks.length, made: 0, there: 0, left: parsed.left };
  const change = (part: Partial<Report>) => {
    report = { ...report, ...part };
    tell(report);
  };
  change({});
  for (const whole of parsed.talks) {
    if (signal.aborted) break;
    const talk = fitting(whole);
    const left = talk === null ? ([{ title: whole.title ?? "", why: "tooLarge" }] as const) : [];
    const trimmed = talk !== null && talk !== whole ? ([{ title: whole.title ?? "", why: "trimmed" }] as const) : [];
    const outcome = talk === null ? null : await sent(talk, signal, by, pause);
    change({
      done: report.done + 1,
      made: report.made + (outcome === "made" || outcome === "restored" ? 1 : 0),
      there: report.there + (outcome === "there" ? 1 : 0),
      left: [
        ...report.left,
        ...left,
        ...trimmed,
        ...(typeof outcome === "object" && outcome !== null ? [outcome] : []),
      ],
    });
  }
  return report;
}

async function sent(
  talk: Talk,
  signal: AbortSignal,
  by: Send,
  pause: (ms: number) => Promise<void>,
): Promise<Imported["outcome"] | Left> {
  for (let again = 1; ; again++) {
    try {
      return (await by(talk, signal)).outcome;
    } catch (error) {
      if (!(error instanceof ProblemError) && !(error instanceof OfflineError)) throw error;
      if (hasCode(error, "not_signed_in") || (passing(error) && again >= TRIES)) throw error;
      if (!passing(error)) return { title: talk.title ?? "", why: "refused", detail: error.message };
      await pause((retryAfterS(error) ?? 2 ** again) * 1000);
    }
  }
}

const retryAfterS = (error: unknown) => (error instanceof ProblemError ? error.retryAfterS : null);

const weight = (talk: Talk) => new TextEncoder().encode(JSON.stringify(talk)).length;

/** The conversation, or where it is too large the branch that is shown, or null where that is too large too. */
export function fitting(talk: Talk): Talk | null {
  if (weight(talk) <= MOST_BODY_BYTES) return talk;
  const byId = new Map(talk.messages.map((message) => [message.id, message]));
  const branch: (typeof talk.messages)[number][] = [];
  let next = byId.get(talk.shown ?? talk.messages.at(-1)?.id ?? "");
  for (; next; next = byId.get(next.parent ?? "")) branch.push(next);
  const trimmed = { ...talk, messages: branch.reverse() };
  return weight(trimmed) <= MOST_BODY_BYTES ? trimmed : null;
}
