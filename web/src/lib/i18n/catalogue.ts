/** Fill a catalogue's sentence: {name} from the values, {n|one|many} by the number's plural form in the language. */

export type Values = Readonly<Record<string, string | number>>;

/**
 * Fill the gaps of a sentence. A plural gap lists forms by CLDR category: `{n, plural, one:# token, other:# tokens}`;
 * # is the number as the language writes it.
 */
export function fill(sentence: string, values: Values, language: string): string {
  return sentence.replace(/\{(\w+)(?:, plural, ([^}]*))?\}/g, (whole, name: string, forms?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const shown = typeof value === "number" ? value.toLocaleString(language) : value;
    if (forms === undefined) return shown;
    return (formFor(forms, new Intl.PluralRules(language).select(Number(value))) ?? "#").replace("#", shown);
  });
}

function formFor(forms: string, category: string): string | null {
  const known = new Map(
    forms.split(", ").map((form) => {
      const colon = form.indexOf(":");
      return [form.slice(0, colon), form.slice(colon + 1)] as const;
    }),
  );
  return known.get(category) ?? known.get("other") ?? null;
}
