/** Changes of a conversation arrive in the order in which they were made, and a question after them: requests overtake each other. */

const changing = new Map<string, Promise<unknown>>();

/** Make a change once those before it have been made or have failed. */
export function inTurn<T>(conversationId: string, change: () => Promise<T>): Promise<T> {
  const mine = afterChanges(conversationId, change);
  const ended = mine.then(done, done);
  changing.set(conversationId, ended);
  return mine;

  function done(): void {
    if (changing.get(conversationId) === ended) changing.delete(conversationId);
  }
}

/** Ask once all changes have been made or have failed; at once where there are none. */
export const afterChanges = <T>(conversationId: string, ask: () => Promise<T>): Promise<T> =>
  changing.get(conversationId)?.then(ask) ?? ask();
