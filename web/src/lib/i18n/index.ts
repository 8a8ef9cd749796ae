/**
 * The page's sentences in the person's language. English is there from the start but for the parts that come with their screens;
 * the other languages are fetched as a whole when chosen.
 */

import { create } from "zustand";
import { recall, remember } from "../browser/stored";
import { fill, type Values } from "./catalogue";
import { type Catalogue, en, type Key, later, type Part } from "./en";

export type { Catalogue, Key };

export const LANGUAGES = { en: "English", de: "Deutsch", zh: "中文", ar: "العربية" } as const;
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(["ar"]);
export type Language = keyof typeof LANGUAGES;
export type Translate = (key: Key, values?: Values) => string;

const LOADERS: Readonly<Record<Exclude<Language, "en">, () => Promise<Catalogue>>> = {
  de: () => import("./de").then((module) => module.de),
  zh: () => import("./zh").then((module) => module.zh),
  ar: () => import("./ar").then((module) => module.ar),
};

interface Tongue {
  readonly language: Language;
  readonly t: Translate;
}

const speaker = (language: Language, catalogue: Partial<Catalogue>): Tongue => ({
  language,
  t: (key, values = {}) => fill(catalogue[key] ?? key, values, language),
});

let english: Partial<Catalogue> = en;

const useTongue = create<Tongue>(() => speaker("en", en));

/** Fetch a screen together with its part of the sentences. */
export async function withSentences<T>(part: Part, screen: Promise<T>): Promise<T> {
  // Awaited on its own: two parts that come at once would otherwise each start from what the other hasn't added to yet.
  const sentences = await later[part]();
  english = { ...english, ...sentences };
  if (useTongue.getState().language === "en") useTongue.setState(speaker("en", english));
  return screen;
}

/** Choose a language and remember it. */
export async function speak(language: Language): Promise<void> {
  const catalogue = language === "en" ? english : await LOADERS[language]();
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
  remember("language", language);
  useTongue.setState(speaker(language, catalogue));
}

/** The remembered language, else the first that the browser asks for and the page has. */
export function wantedLanguage(): Language {
  const wanted = [recall("language"), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return (wanted.find((tag) => tag !== null && tag in LANGUAGES) as Language | undefined) ?? "en";
}

export const useT = (): Translate => useTongue((tongue) => tongue.t);
export const useLanguage = (): Language => useTongue((tongue) => tongue.language);
/** For places that are no component. */
export const translate: Translate = (key, values) => useTongue.getState().t(key, values);
