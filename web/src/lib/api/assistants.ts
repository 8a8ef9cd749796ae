/** Assistants: a model with instructions, tools and documents, asked by a name of its own. */

import { call, get } from "./call";
import type { components } from "./generated";

type Schemas = components["schemas"];

export type Assistant = Schemas["Assistant"];
export type AssistantSettings = Schemas["AssistantSettings"];
export type AssistantVersion = Schemas["AssistantVersion"];
export type AssistantFile = Schemas["ExportedAssistant"];

export const ASSISTANTS = "/api/assistants";
const pathOf = (id: string) => `${ASSISTANTS}/${encodeURIComponent(id)}`;
export const assistants = () => get<Schemas["Assistants"]>(ASSISTANTS).then(({ items }) => items);
export const addAssistant = (handle: string, said: AssistantSettings) =>
  call<Assistant>("POST", ASSISTANTS, { body: { handle, ...said } });
export const changeAssistant = (id: string, said: AssistantSettings) =>
  call<Assistant>("PUT", pathOf(id), { body: said });
export const deleteAssistant = (id: string) => call<void>("DELETE", pathOf(id));
export const versionsPath = (id: string) => `${pathOf(id)}/versions`;
export const versions = (path: string) =>
  get<Schemas["AssistantVersions"]>(path).then(({ items }) =>
    items.map(({ number, note, at, instructions }) => ({ number, note, at, text: instructions })),
  );
export const goBack = (id: string, number: number) =>
  call<Assistant>("POST", `${versionsPath(id)}/${number}/restore`, { body: {} });
export const exported = (id: string) => get<AssistantFile>(`${pathOf(id)}/export`);
/** What a file says is looked at by the server. */
export const takeFile = (file: unknown) => call<Assistant>("POST", `${ASSISTANTS}/import`, { body: file });
