/** What people call a tool: the built-in ones in their own language, the others as their servers say. */

import type { Step } from "@/lib/api";
import type { Key, Translate } from "@/lib/i18n";

const BUILT_IN: Readonly<Record<string, Key>> = {
  "web/web_search": "step.webSearch",
  "web/open_page": "step.openPage",
  "documents/search_knowledge": "step.searchKnowledge",
  "files/read_file": "step.readFile",
};

export function nameOf({ server, tool, title }: Step, t: Translate): string {
  const known = BUILT_IN[`${server}/${tool}`];
  return known ? t(known) : title || tool;
}

/** Why a step waits for the person. */
export function reasonOf({ state, effect, error }: Step): Key & `step.${string}About` {
  if (state === "unknown") return "step.maybeAbout";
  if (error?.code === "made_up_address") return "step.madeUpAbout";
  return effect === "read" ? "step.readAbout" : "step.writeAbout";
}
