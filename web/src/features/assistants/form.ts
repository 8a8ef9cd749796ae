/** What is typed about an assistant, and what it says. */

import type { Assistant, AssistantSettings } from "@/lib/api/assistants";

export type Approval = "always" | "writes";

export const EFFORTS = ["none", "low", "medium", "high"] as const;
export type Effort = NonNullable<AssistantSettings["options"]>["effort"];

/** What form fields can't hold by themselves. */
export interface Choices {
  /** How much its model is to think; null as usual. */
  readonly effort: Effort | null;
  readonly models: readonly string[];
  /** null for the usual ones. */
  readonly tools: readonly string[] | null;
  readonly approvals: Readonly<Record<string, Approval>>;
  readonly collections: readonly string[];
  readonly audience: Assistant["audience"];
  readonly groups: readonly string[];
}

export const EMPTY: Choices = {
  effort: null,
  models: [],
  tools: null,
  approvals: {},
  collections: [],
  audience: "owner",
  groups: [],
};

export const NUMBERS = { temperature: [0, 2, 0.1], top_p: [0, 1, 0.05], max_tokens: [1, 1_000_000, 1] } as const;
export type NumberName = keyof typeof NUMBERS;
const NAMES = Object.keys(NUMBERS) as NumberName[];

export const choicesOf = (assistant: Assistant | null): Choices => {
  if (assistant === null) return EMPTY;
  const { models, tools, approvals, collections, audience, groups } = assistant;
  return { effort: assistant.options.effort ?? null, models, tools, approvals, collections, audience, groups };
};

/** Questions to begin with, one a line. */
export const startersOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, 8);

/** All that a form says; `before` has what it doesn't show. */
export function settingsOf(form: FormData, choices: Choices, before: Assistant | null): AssistantSettings {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const given = NAMES.filter((name) => text(name) !== "").map((name) => [name, Number(text(name))] as const);
  const { seed, stop } = before?.options ?? {};
  const { effort, models, tools, collections, approvals, audience, groups } = choices;
  const ruled = Object.entries(approvals).filter(([server]) => tools === null || tools.includes(server));
  return {
    name: text("name"),
    emoji: text("emoji"),
    description: text("description"),
    instructions: text("instructions"),
    models: [...models],
    options: {
      ...(seed == null ? {} : { seed }),
      ...(stop == null ? {} : { stop }),
      ...(effort == null ? {} : { effort }),
      ...Object.fromEntries(given),
    },
    tools: tools === null ? null : [...tools],
    approvals: Object.fromEntries(ruled),
    collections: [...collections],
    starters: startersOf(text("starters")),
    audience,
    groups: audience === "chosen" ? [...groups] : [],
    note: text("note"),
  };
}
