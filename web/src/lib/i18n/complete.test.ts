import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ar } from "./ar";
import { fill } from "./catalogue";
import { de } from "./de";
import { type Catalogue, en, type Key, later } from "./en";
import { zh } from "./zh";

const parts = {
  account: await later.account(),
  admin: await later.admin(),
  assistants: await later.assistants(),
  entry: await later.entry(),
  followUps: await later.followUps(),
  groups: await later.groups(),
  knowledge: await later.knowledge(),
  prompts: await later.prompts(),
  steps: await later.steps(),
};
const whole: Catalogue = {
  ...en,
  ...parts.account,
  ...parts.admin,
  ...parts.assistants,
  ...parts.entry,
  ...parts.followUps,
  ...parts.groups,
  ...parts.knowledge,
  ...parts.prompts,
  ...parts.steps,
};
const keys = Object.keys(whole) as Key[];
const gaps = (sentence: string) => [...sentence.matchAll(/\{(\w+)/g)].map((found) => found[1]).sort();

describe.each([
  ["de", de],
  ["zh", zh],
  ["ar", ar],
] as const)("the catalogue %s", (language, catalogue) => {
  test("has every sentence and no other", () => {
    expect(Object.keys(catalogue).sort()).toEqual([...keys].sort());
  });

  test.each(keys)("%s is there with its gaps", (key) => {
    expect(catalogue[key].trim()).not.toBe("");
    expect(gaps(catalogue[key])).toEqual(gaps(whole[key]));
  });

  test("has a form for every number", () => {
    const plural = keys.filter((key) => catalogue[key].includes(", plural,"));
    for (const key of plural) {
      for (let n = 0; n < 120; n++)
        expect(fill(catalogue[key], { count: n, seconds: n }, language)).not.toMatch(/[{}#]/);
    }
  });
});

/** Who fetches a part with itself, and so may say its sentences. */
const SAY = {
  account: /^features\/settings\/|^lib\/importing\//,
  admin: /^features\/admin\//,
  assistants: /^features\/(assistants|chat\/composer\/entries)\//,
  entry: /^features\/auth\//,
  groups:
    /^(ui\/(groups|library)|features\/(admin\/groups|assistants|knowledge|prompts)|features\/settings\/account)\/|^features\/admin\/admin-screen/,
  prompts: /^features\/prompts\//,
  steps:
    /^features\/chat\/(messages\/steps|composer\/(effort-button|tools-button|resources))|^features\/admin\/tools\//,
};
const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.tsx?$/.test(name) && !name.startsWith("lib/i18n/"),
);

test.each(["account", "admin", "assistants", "entry", "groups", "prompts", "steps"] as const)(
  "what comes with %s is said there alone",
  (part) => {
    const own = Object.keys(parts[part]).filter((key) => !(key in en));
    expect(own).toHaveLength(Object.keys(parts[part]).length);
    for (const name of sources.filter((each) => !SAY[part].test(each))) {
      const text = readFileSync(`src/${name}`, "utf8");
      expect(own.filter((key) => text.includes(`"${key}"`)).map((key) => `${name}: ${key}`)).toEqual([]);
    }
  },
);
