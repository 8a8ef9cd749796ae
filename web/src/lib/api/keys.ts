/** Keys for programs: listed, made, changed, revoked. */

import { call, get } from "./call";
import type { components } from "./generated";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type MadeKey = Schemas["MadeApiKey"];
export type NewKey = Schemas["NewKey"];
export type KeyChange = Schemas["ChangeKey"];

export const KEYS = "/api/auth/keys";
export const keys = () => get<Schemas["ApiKeys"]>(KEYS).then(({ items }) => items);
export const makeKey = (wanted: NewKey) => call<MadeKey>("POST", KEYS, { body: wanted });
export const changeKey = (id: string, change: KeyChange) =>
  call<ApiKey>("PATCH", `${KEYS}/${encodeURIComponent(id)}`, { body: change });
export const revokeKey = (id: string) => call<void>("DELETE", `${KEYS}/${encodeURIComponent(id)}`);
