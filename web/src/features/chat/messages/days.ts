/** Where in a conversation a new day begins. */

import type { Message } from "@/lib/api";

type Said = Pick<Message, "created_at">;

const NONE: readonly null[] = [];

/**
 * For each message the time of the day that begins with it, else null. A conversation of one day has none: the times beside its
 * messages are enough. Days are those of the reader's own clock.
 */
export function daysOf(path: readonly Said[]): readonly (string | null)[] {
  let before = "";
  const days = path.map(({ created_at }) => {
    const day = new Date(created_at).toDateString();
    const begins = day !== before;
    before = day;
    return begins ? created_at : null;
  });
  return days.filter((day) => day !== null).length > 1 ? days : NONE;
}
