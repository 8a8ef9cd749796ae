/** Groups of people: as administrators make them, and as their members see them. */

import { call, get } from "./call";
import type { components } from "./generated";

type Schemas = components["schemas"];

export type Group = Schemas["Group"];
export type GroupSettings = Schemas["GroupSettings"];
export type MyGroup = Schemas["MyGroup"];
export type Member = Schemas["Member"];

export const GROUPS = "/api/admin/groups";
const groupPath = (id: string) => `${GROUPS}/${encodeURIComponent(id)}`;
export const groups = () => get<Schemas["Groups"]>(GROUPS).then(({ items }) => items);
export const addGroup = (settings: GroupSettings) => call<Group>("POST", GROUPS, { body: settings });
export const changeGroup = (id: string, settings: GroupSettings) =>
  call<Group>("PUT", groupPath(id), { body: settings });
export const removeGroup = (id: string) => call<void>("DELETE", groupPath(id));

export const MY_GROUPS = "/api/groups";
export const myGroups = () => get<Schemas["MyGroups"]>(MY_GROUPS).then(({ items }) => items);
export const membersPath = (id: string) => `${MY_GROUPS}/${encodeURIComponent(id)}/members`;
const memberPath = (id: string, member: string) => `${membersPath(id)}/${encodeURIComponent(member)}`;
export const members = (path: string) => get<Schemas["Members"]>(path).then(({ items }) => items);
export const addMember = (id: string, email: string) =>
  call<Schemas["Members"]>("POST", membersPath(id), { body: { email } }).then(({ items }) => items);
export const letManage = (id: string, member: string, manager: boolean) =>
  call<Schemas["Members"]>("PATCH", memberPath(id, member), { body: { manager } }).then(({ items }) => items);
export const removeMember = (id: string, member: string) => call<void>("DELETE", memberPath(id, member));
