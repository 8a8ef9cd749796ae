/** Links that show a conversation to whoever has them. */

import { conversationPath } from ".";
import { call, get } from "./call";
import type { Role } from "./types";

export interface Share {
  readonly token: string;
  readonly path: string;
  readonly named: boolean;
  /** It shows the branch down to its end. */
  readonly newest: boolean;
  readonly shared_at: string;
}

export interface Shared {
  readonly title: string | null;
  readonly by: string | null;
  readonly shared_at: string;
  readonly messages: readonly { readonly role: Role; readonly content: string; readonly model: string | null }[];
}

export const sharePath = (id: string) => `${conversationPath(id)}/share`;
export const shareOf = (id: string) => get<{ readonly link: Share | null }>(sharePath(id)).then(({ link }) => link);
export const share = (id: string, named: boolean) => call<Share>("POST", sharePath(id), { body: { named } });
export const revokeShare = (id: string) => call<void>("DELETE", sharePath(id));
export const shared = (token: string) =>
  call<Shared>("GET", `/api/shares/${encodeURIComponent(token)}`, { retryAs: "never" });
