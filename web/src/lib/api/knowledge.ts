/** Collections of documents that answers may cite, and what they cite. */

import { call, get } from "./call";
import { postFile, type Sending } from "./files";
import type { components } from "./generated";
import { conversationPath } from "./index";

type Schemas = components["schemas"];

export type Collection = Schemas["Collection"];
export type KnownDocument = Schemas["Document"];
export type Documents = Schemas["Documents"];
export type WholeCitation = Schemas["WholeCitation"];
export type Passage = Schemas["Passage"];

export const COLLECTIONS = "/api/knowledge/collections";
export const collectionPath = (id: string) => `${COLLECTIONS}/${encodeURIComponent(id)}`;
export const documentPath = (id: string) => `/api/knowledge/documents/${encodeURIComponent(id)}`;

export const collections = () => get<Schemas["Collections"]>(COLLECTIONS).then(({ items }) => items);
export const createCollection = (name: string) => call<Collection>("POST", COLLECTIONS, { body: { name } });
export const changeCollection = (id: string, change: Schemas["ChangeCollection"]) =>
  call<Collection>("PATCH", collectionPath(id), { body: change });
export const deleteCollection = (id: string) => call<void>("DELETE", collectionPath(id));
export const stopReading = (id: string) => call<Collection>("POST", `${collectionPath(id)}/stop`, { body: {} });
export const restoreCollection = (id: string) =>
  call<Collection>("POST", `${collectionPath(id)}/restore`, { body: {} });

/** The address of a page of documents; it is SWR's key too. */
export function documentsPath(id: string, failed: boolean, cursor: string | null): string {
  const query = new URLSearchParams({ limit: "100" });
  if (failed) query.set("state", "failed");
  if (cursor) query.set("cursor", cursor);
  return `${collectionPath(id)}/documents?${query}`;
}
export const documentsAt = (path: string) => get<Documents>(path);
export const documentAt = (path: string) => get<KnownDocument>(path);
export const bring = (id: string, path: string, file: File, sending: Sending) =>
  postFile<KnownDocument>(
    `${collectionPath(id)}/documents?path=${encodeURIComponent(path.slice(-900))}`,
    file,
    sending,
  );
export const retryDocument = (id: string) => call<KnownDocument>("POST", `${documentPath(id)}/retry`, { body: {} });
export const deleteDocument = (id: string) => call<void>("DELETE", documentPath(id));
export const restoreDocument = (id: string) => call<KnownDocument>("POST", `${documentPath(id)}/restore`, { body: {} });

/** The address of what an answer cites by this number. */
export const citationPath = (conversationId: string, messageId: string, number: number) =>
  `${conversationPath(conversationId)}/messages/${encodeURIComponent(messageId)}/citations/${number}`;
export const citation = (path: string) => get<WholeCitation>(path);
export const passage = (path: string) => get<Passage>(path);
