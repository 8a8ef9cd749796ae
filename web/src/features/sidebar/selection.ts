/** Which conversations are chosen to do something with all of them at once. A value, and what each gesture does to it. */

import { create } from "zustand";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where a range begins: what was chosen last by itself. */
  readonly from: string | null;
}

const NOTHING: Selection = { ids: new Set(), from: null };

/** Choose one, or take it out again. */
export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, from: id };
}

/** Choose all from the last one chosen to this one, as the list shows them. */
export function extended(selection: Selection, id: string, shown: readonly string[]): Selection {
  const [here, there] = [shown.indexOf(id), shown.indexOf(selection.from ?? "")];
  if (here < 0 || there < 0) return toggled(selection, id);
  const range = shown.slice(Math.min(here, there), Math.max(here, there) + 1);
  return { ids: new Set([...selection.ids, ...range]), from: id };
}

/** All that is shown; nothing, where all was chosen already. */
export const all = ({ ids }: Selection, shown: readonly string[]): Selection =>
  shown.every((id) => ids.has(id)) ? NOTHING : { ids: new Set(shown), from: null };

/** What is chosen; null while nobody chooses. */
export const useSelection = create<{ readonly selection: Selection | null }>(() => ({ selection: null }));

export const choose = (how: (selection: Selection) => Selection): void =>
  useSelection.setState(({ selection }) => ({ selection: selection && how(selection) }));
export const beginChoosing = (): void => useSelection.setState({ selection: NOTHING });
export const endChoosing = (): void => useSelection.setState({ selection: null });
