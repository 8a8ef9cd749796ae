/** Send conversations in, one after the other, and tell how it goes. */

import { DOOR, type Door, type Imported, insistently, isRefusal } from "./door";
import { enclosed, type Kept } from "./enclosing";
import type { Left, Parsed, Sent, Talk } from "./talk";

/** What one request may carry, with room for its frame. */
export const MOST_BODY_BYTES = 1_000_000;

export interface Report {
  readonly done: number;
  readonly total: number;
  readonly made: number;
  readonly there: number;
  readonly left: readonly Left[];
}

/** Import all that a file holds. What is refused is in the report and stops nothing; what is lost on the way is tried again. */
export async function run(
  parsed: Parsed,
  tell: (report: Report) => void,
  signal: AbortSignal,
  door: Door = DOOR,
): Promise<Report> {
  let report: Report = { done: 0, total: parsed.talks.length, made: 0, there: 0, left: parsed.left };
  const change = (part: Partial<Report>) => {
    report = { ...report, ...part };
    tell(report);
  };
  change({});
  const kept: Kept = new Map();
  for (const talk of parsed.talks) {
    if (signal.aborted) break;
    const { outcome, left } = await taken(talk, parsed.files ?? new Map(), kept, door, signal);
    change({
      done: report.done + 1,
      made: report.made + (outcome === "made" || outcome === "restored" ? 1 : 0),
      there: report.there + (outcome === "there" ? 1 : 0),
      left: [...report.left, ...left],
    });
  }
  return report;
}

interface Taken {
  readonly outcome: Imported["outcome"] | null;
  readonly left: readonly Left[];
}

/** Send one conversation with its files; the outcome is null where it stays behind. */
async function taken(
  whole: Talk,
  files: NonNullable<Parsed["files"]>,
  kept: Kept,
  door: Door,
  signal: AbortSignal,
): Promise<Taken> {
  const title = whole.title ?? "";
  const talk = fitting(whole);
  if (talk === null) return { outcome: null, left: [{ title, why: "tooLarge" }] };
  const trimmed: readonly Left[] = talk === whole ? [] : [{ title, why: "trimmed" }];
  const delivered = await enclosed(talk, files, kept, door, signal);
  const left = [...trimmed, ...delivered.left];
  try {
    return { outcome: await sent(delivered.talk, door, signal), left };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { outcome: null, left: [...left, { title, why: "refused", detail: error.message }] };
  }
}

const sent = (talk: Sent, door: Door, signal: AbortSignal) =>
  insistently(() => door.send(talk, signal), door.pause).then(({ outcome }) => outcome);

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
