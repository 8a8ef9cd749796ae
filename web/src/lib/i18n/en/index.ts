/** The page in English: the catalogue that names every sentence, a file for each part of the page. */

import type { account } from "./account";
import type { admin } from "./admin";
import { answers } from "./answers";
import type { assistants } from "./assistants";
import { core } from "./core";
import type { entry } from "./entry";
import { files } from "./files";
import { find } from "./find";
import type { followUps } from "./follow-ups";
import type { groups } from "./groups";
import type { knowledge } from "./knowledge";
import { leftOut } from "./left-out";
import type { prompts } from "./prompts";
import { share } from "./share";
import { signOn } from "./sign-on";
import type { steps } from "./steps";
import { temporary } from "./temporary";
import { unsent } from "./unsent";
import { update } from "./update";

export const en = {
  ...core,
  ...answers,
  ...files,
  ...find,
  ...leftOut,
  ...share,
  ...signOn,
  ...temporary,
  ...unsent,
  ...update,
} as const;

/** What only screens say that are fetched themselves: it comes with them. */
export const later = {
  account: () => import("./account").then((module) => module.account),
  admin: () => import("./admin").then((module) => module.admin),
  assistants: () => import("./assistants").then((module) => module.assistants),
  entry: () => import("./entry").then((module) => module.entry),
  followUps: () => import("./follow-ups").then((module) => module.followUps),
  groups: () => import("./groups").then((module) => module.groups),
  knowledge: () => import("./knowledge").then((module) => module.knowledge),
  prompts: () => import("./prompts").then((module) => module.prompts),
  steps: () => import("./steps").then((module) => module.steps),
} as const;

export type Part = keyof typeof later;
export type Key =
  | keyof typeof en
  | keyof typeof account
  | keyof typeof admin
  | keyof typeof assistants
  | keyof typeof entry
  | keyof typeof followUps
  | keyof typeof groups
  | keyof typeof knowledge
  | keyof typeof prompts
  | keyof typeof steps;
export type Catalogue = Readonly<Record<Key, string>>;
