/** Links that show a conversation to whoever has them. */

import { conversationPath } from ".";
import { call, get } from "./call";
import type { components } from "./generated";

type Schemas = components["schemas"];

export type Share = Schemas["Share"];
export type Shared = Schemas["Shared"];

export const sharePath = (id: string) => `${conversationPath(id)}/share`;
export const shareOf = (id: string) => get<Schemas["Link"]>(sharePath(id)).then(({ link }) => link);
export const share = (id: string, named: boolean) => call<Share>("POST", sharePath(id), { body: { named } });
export const revokeShare = (id: string) => call<void>("DELETE", sharePath(id));
export const shared = (token: string) =>
  call<Shared>("GET", `/api/shares/${encodeURIComponent(token)}`, { retryAs: "never" });
/** Where a file of a shared conversation is read. */
export const sharedFileAt = (token: string) => (id: string) =>
  `/api/shares/${encodeURIComponent(token)}/files/${encodeURIComponent(id)}`;
