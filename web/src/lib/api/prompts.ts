/** The prompt library: texts that are called by / and their name. */

import { call, get } from "./call";
import type { components } from "./generated";

type Schemas = components["schemas"];

export type Prompt = Schemas["Prompt"];
export type NewPrompt = Schemas["NewPrompt"];
export type PromptSettings = Schemas["PromptSettings"];

export const PROMPTS = "/api/prompts";
const pathOf = (id: string) => `${PROMPTS}/${encodeURIComponent(id)}`;
export const prompts = () => get<Schemas["Prompts"]>(PROMPTS).then(({ items }) => items);
export const addPrompt = (said: NewPrompt) => call<Prompt>("POST", PROMPTS, { body: said });
export const takePrompt = (said: NewPrompt) => call<Prompt>("POST", `${PROMPTS}/import`, { body: said });
export const changePrompt = (id: string, said: PromptSettings) => call<Prompt>("PUT", pathOf(id), { body: said });
export const deletePrompt = (id: string) => call<void>("DELETE", pathOf(id));
export const versionsPath = (id: string) => `${pathOf(id)}/versions`;
export const versions = (path: string) => get<Schemas["PromptVersions"]>(path).then(({ items }) => items);
export const goBack = (id: string, number: number) =>
  call<Prompt>("POST", `${versionsPath(id)}/${number}/restore`, { body: {} });
