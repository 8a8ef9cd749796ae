/** Send conversations in, one after the other, and tell how it goes. */

import { DOOR, type Door, type Imported, insistently, isRefusal } from "./door";
import { enclosed, type Kept } from "./enclosing";
import type { Files, Left, Sent, Source, Talk } from "./talk";

/** What one request may carry, with room for its frame. */
export const MOST_BODY_BYTES = 1_000_000;

export interface Report {
  readonly done: number;
  /** How much of the file has been read, of 1. */
  readonly part: number;
  readonly made: number;
  readonly there: number;
  readonly left: readonly Left[];
}

/** Import all that a file holds. What is refused is in the report and stops nothing; what is lost on the way is tried again. */
export async function run(
  source: Source,
  tell: (report: Report) => void,
  signal: AbortSignal,
  door: Door = DOOR,
): Promise<Report> {
  let report: Report = { done: 0, part: 0, made: 0, there: 0, left: [] };
  const change = (part: Partial<Report>) => {
    report = { ...report, ...part };
    tell(report);
  };
  const kept: Kept = new Map();
  for await (const { talks, left } of source.found()) {
    if (left.length > 0) change({ left: [...report.left, ...left] });
    for (const talk of talks) {
      if (signal.aborted) return report;
      change(counted(report, await taken(talk, source.files, kept, door, signal), source.part()));
    }
    if (signal.aborted) return report;
  }
  change({ part: 1 });
  return report;
}

const counted = (report: Report, { outcome, left }: Taken, part: number): Report => ({
  done: report.done + 1,
  part: Math.min(part, 0.99),
  made: report.made + (outcome === "made" || outcome === "restored" ? 1 : 0),
  there: report.there + (outcome === "there" ? 1 : 0),
  left: [...report.left, ...left],
});

interface Taken {
  readonly outcome: Imported["outcome"] | null;
  readonly left: readonly Left[];
}

/** Send one conversation with its files; the outcome is null where it stays behind. */
async function taken(whole: Talk, files: Files, kept: Kept, door: Door, signal: AbortSignal): Promise<Taken> {
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
