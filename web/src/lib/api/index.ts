/** The API's verbs, one function each. */

import { call, get } from "./call";
import { afterChanges, inTurn } from "./in-turn";
import type {
  AccountChange,
  Answering,
  Begun,
  Conversation,
  ConversationChange,
  FollowedBy,
  Joining,
  Message,
  MessagePage,
  Models,
  Page,
  Question,
  Sent,
  Settings,
  Thumb,
  User,
} from "./types";

export { download, mayBeSignedIn, onSessionEnd, renew } from "./call";
export { type Completion, complete, type Piece, type Spoken } from "./completion";
export { hasCode, OfflineError, ProblemError, passing } from "./problem";
export type * from "./types";

type Who = { readonly user: User };

export const joining = () => get<Joining>("/api/auth/joining");
export const me = () => get<Who>("/api/auth/me").then(({ user }) => user);
export const logIn = (email: string, password: string) =>
  call<Who>("POST", "/api/auth/login", { body: { email, password }, retryAs: "never" }).then(({ user }) => user);
export const signUp = (email: string, password: string, name: string, invitation: string | null = null) =>
  call<Who>("POST", "/api/auth/signup", {
    body: { email, password, ...(name ? { name } : {}), ...(invitation ? { invitation } : {}) },
    retryAs: "never",
  }).then(({ user }) => user);
export const logOut = () => call<void>("POST", "/api/auth/logout");

export const changeMe = (change: AccountChange) =>
  call<Who>("PATCH", "/api/auth/me", { body: change }).then(({ user }) => user);

export interface ListQuery {
  readonly q?: string;
  readonly archived?: boolean | "any";
  readonly cursor?: string | null;
  readonly limit?: number;
}

/** The address of one page of the list; it is SWR's key too. */
export function conversationsPath({ q, archived, cursor, limit = 30 }: ListQuery): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (q) query.set("q", q);
  if (archived) query.set("archived", String(archived));
  if (cursor) query.set("cursor", cursor);
  return `/api/conversations?${query}`;
}

export const conversationPath = (id: string) => `/api/conversations/${encodeURIComponent(id)}`;
export const conversationsAt = (path: string) => get<Page<Conversation>>(path);
export const conversation = (id: string) => get<Conversation>(conversationPath(id));
export interface Beginning {
  readonly model?: string;
  readonly settings?: Settings;
}

/** Begin a conversation with its first question; the same key again is the same conversation. */
export const begin = (
  given: Beginning & { readonly question: Question; readonly followed_by?: FollowedBy },
  key: string,
) => call<Begun>("POST", "/api/conversations", { body: given, key });

export const changeConversation = (id: string, change: ConversationChange) =>
  inTurn(id, () => call<Conversation>("PATCH", conversationPath(id), { body: change }));
export const deleteConversation = (id: string) => call<void>("DELETE", conversationPath(id));
export const restoreConversation = (id: string) => call<Conversation>("POST", `${conversationPath(id)}/restore`);

const messagePath = (conversationId: string, id: string) =>
  `${conversationPath(conversationId)}/messages/${encodeURIComponent(id)}`;

/** The address of a conversation's newest messages. */
export const messagesPath = (conversationId: string) => `${conversationPath(conversationId)}/messages?limit=200`;
export const messages = (conversationId: string, cursor: string | null = null) =>
  get<MessagePage>(`${messagesPath(conversationId)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
export const message = (conversationId: string, id: string) => get<Message>(messagePath(conversationId, id));

export const ask = (conversationId: string, question: Question, key: string) =>
  afterChanges(conversationId, () =>
    call<Sent>("POST", `${conversationPath(conversationId)}/messages`, { body: question, key }),
  );
export const regenerate = (conversationId: string, id: string, model?: string) =>
  afterChanges(conversationId, () =>
    call<Answering>("POST", `${messagePath(conversationId, id)}/regenerate`, { body: model ? { model } : {} }),
  );
export const goOn = (conversationId: string, id: string) =>
  call<Answering>("POST", `${messagePath(conversationId, id)}/continue`, { body: {} });
export const stop = (conversationId: string, id: string) =>
  call<Message>("POST", `${messagePath(conversationId, id)}/stop`, { body: {} });
export const fork = (conversationId: string, id: string) =>
  call<Conversation>("POST", `${messagePath(conversationId, id)}/fork`, { body: {}, retryAs: "never" });
export const rate = (conversationId: string, id: string, thumb: Thumb | null) =>
  call<Message>("PUT", `${messagePath(conversationId, id)}/feedback`, { body: { thumb } });
export const deleteMessage = (conversationId: string, id: string) =>
  call<void>("DELETE", messagePath(conversationId, id));

export const models = () => get<Models>("/api/models");
