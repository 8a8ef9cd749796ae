/** Which panel lies over the page. One at a time. */

import { create } from "zustand";

export type Panel = "settings" | "palette" | "help" | "share" | null;

interface Panels {
  readonly panel: Panel;
  /** The conversation that the panel is about, where it isn't the one that is shown. */
  readonly about: string | null;
  /** The sidebar: on a phone it is a drawer that opens, on a desk a column that can be folded. */
  readonly drawer: boolean;
  readonly folded: boolean;
}

export const usePanels = create<Panels>(() => ({ panel: null, about: null, drawer: false, folded: false }));

export const showPanel = (panel: Panel, about: string | null = null): void => usePanels.setState({ panel, about });
/** Close a panel, unless another is shown by now: a dialog says that it closed a moment after it has. */
export const closePanel = (closed: Panel): void =>
  usePanels.setState(({ panel, about }) => (panel === closed ? { panel: null, about: null } : { panel, about }));
export const setDrawer = (drawer: boolean): void => usePanels.setState({ drawer });
export const toggleFolded = (): void => usePanels.setState(({ folded }) => ({ folded: !folded }));
