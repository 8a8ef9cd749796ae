/** Something that can be called by a sign and a name at the beginning of a message. */
export interface Entry {
  readonly key: string;
  /** With its sign: `@legal`, `/summary`. */
  readonly name: string;
  readonly about: string;
  /** Do what it is for, and return what stands in the box then; null where something has to be asked first. */
  readonly take: () => string | null;
}
