/** Keys for programs: listed, made, revoked. */

import { call, get } from "./call";
import type { components } from "./generated";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type MadeKey = Schemas["MadeApiKey"];
export type NewKey = Schemas["NewKey"];

export const KEYS = "/api/auth/keys";
export const keys = () => get<Schemas["ApiKeys"]>(KEYS).then(({ items }) => items);
export const makeKey = (wanted: NewKey) => call<MadeKey>("POST", KEYS, { body: wanted });
export const revokeKey = (id: string) => call<void>("DELETE", `${KEYS}/${encodeURIComponent(id)}`);
