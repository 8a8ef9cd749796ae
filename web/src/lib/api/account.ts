/** Where one is signed in, leaving, and many conversations at once. */

import { call, get } from "./call";
import type { components } from "./generated";

export type Session = components["schemas"]["Session"];

export const SESSIONS = "/api/auth/sessions";
export const sessions = () => get<components["schemas"]["Sessions"]>(SESSIONS).then(({ items }) => items);
export const ADDRESS = "/api/auth/address";
export const address = () => get<components["schemas"]["OtherDevices"]>(ADDRESS);
export const endSession = (id: string) => call<void>("DELETE", `${SESSIONS}/${encodeURIComponent(id)}`);
export const endOtherSessions = () => call<void>("DELETE", `${SESSIONS}?others=true`);
/** Delete the account; who has no password shows by their e-mail that they mean it, who is alone here by `last` that they know it. */
export const deleteMe = (
  proof: ({ readonly password: string } | { readonly email: string }) & { readonly last: boolean },
) => call<void>("POST", "/api/auth/me/delete", { body: proof });

export type DeletedConversation = components["schemas"]["DeletedConversation"];
/** What was deleted and can still be restored, and for how long what is kept. */
export const DELETED = "/api/conversations/deleted";
export const deleted = () => get<components["schemas"]["Deleted"]>(DELETED);

/** The address of a ZIP with everything; the browser fetches it by itself. */
export const EVERYTHING = "/api/conversations/export";

const MOST_AT_ONCE = 500;

/** Do something to many conversations, in as many requests as it takes; returns those that it was done to. */
async function many(path: string, ids: readonly string[]): Promise<readonly string[]> {
  const done: string[] = [];
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const body = { ids: ids.slice(at, at + MOST_AT_ONCE) };
    done.push(...(await call<components["schemas"]["Done"]>("POST", path, { body })).ids);
  }
  return done;
}

export const deleteMany = (ids: readonly string[]) => many("/api/conversations/delete", ids);
export const restoreMany = (ids: readonly string[]) => many("/api/conversations/restore", ids);
