/** What administrators see and do. */

import { call, get } from "./call";
import type { components } from "./generated";

type Schemas = components["schemas"];

export type SeenUser = Schemas["SeenUser"];
export type Quota = Schemas["Quota"];
export type OwnQuota = { readonly day: number | null; readonly month: number | null };
export type Invitation = Schemas["Invitation"];
export type ManagedModel = Schemas["ManagedModel"];
export type Audience = ManagedModel["audience"];
export type Pool = Schemas["Pool"];
export type Spent = Schemas["Spent"];
export type AuditEvent = Schemas["AuditEvent"];
export type UserChange = {
  readonly role?: SeenUser["role"];
  readonly disabled?: boolean;
  readonly quota?: OwnQuota | null;
};
export type ModelChange = Pick<ManagedModel, "name" | "audience" | "display_name" | "options"> & {
  readonly people: readonly string[];
  readonly groups: readonly string[];
};

const ADMIN = "/api/admin";
const userPath = (id: string) => `${ADMIN}/users/${encodeURIComponent(id)}`;

/** The address of a list with what is given of its query. */
export function listPath(list: "users" | "audit" | "audit/export" | "usage", query: Readonly<Record<string, string>>) {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  return `${ADMIN}/${list}?${given}`;
}

export const changeUser = (id: string, change: UserChange) => call<SeenUser>("PATCH", userPath(id), { body: change });
export const resetPassword = (id: string) =>
  call<Schemas["NewPassword"]>("POST", `${userPath(id)}/reset`).then(({ password }) => password);
export const resetTwoStep = (id: string) => call<void>("DELETE", `${userPath(id)}/second-factor`);
export const endSessions = (id: string) => call<void>("DELETE", `${userPath(id)}/sessions`);

export const INVITATIONS = `${ADMIN}/invitations`;
export const invitations = () => get<Schemas["Invitations"]>(INVITATIONS).then(({ items }) => items);
export const invite = (email: string | null, role: SeenUser["role"], days: number) =>
  call<Schemas["MadeInvitation"]>("POST", INVITATIONS, { body: { role, days, ...(email ? { email } : {}) } });
export const takeBack = (id: string) => call<void>("DELETE", `${INVITATIONS}/${encodeURIComponent(id)}`);

export const MODELS = `${ADMIN}/models`;
export const models = () => get<Schemas["ManagedModels"]>(MODELS).then(({ items }) => items);
export const changeModel = (change: ModelChange) => call<void>("PUT", MODELS, { body: change });
export const orderModels = (names: readonly string[]) => call<void>("PUT", `${MODELS}/order`, { body: { names } });

export type Pull = Schemas["Pull"];
export const PULLS = `${ADMIN}/pulls`;
export const pulls = () => get<Schemas["Pulls"]>(PULLS);
export const pull = (pool: string, model: string) => call<Pull>("POST", PULLS, { body: { pool, model } });
export const forgetPull = (pool: string, model: string) =>
  call<void>("POST", `${PULLS}/forget`, { body: { pool, model } });

export const POOLS = `${ADMIN}/pools`;
export const pools = () => get<Schemas["Pools"]>(POOLS);
export const usageAt = (path: string) => get<Schemas["Spending"]>(path).then(({ items }) => items);

export const QUOTA = "/api/auth/quota";
export const quota = () => get<Quota>(QUOTA);
