/** Addresses with holes, as far as the server lets them come here: `{name}`, and `{+name}`, which may have slashes (RFC 6570). */

const HOLE = /\{(\+?)(\w+)\}/g;

export const holesOf = (template: string): readonly string[] => [
  ...new Set([...template.matchAll(HOLE)].map(([, , name = ""]) => name)),
];

export const expanded = (template: string, values: ReadonlyMap<string, string>): string =>
  template.replace(HOLE, (_, plus: string, name: string) => {
    const value = values.get(name) ?? "";
    return plus ? encodeURI(value) : encodeURIComponent(value);
  });
