/** Which panel lies over the page. One at a time. */

import { create } from "zustand";

export type Panel = "settings" | "palette" | "help" | null;

interface Panels {
  readonly panel: Panel;
  /** The sidebar: on a phone it is a drawer that opens, on a desk a column that can be folded. */
  readonly drawer: boolean;
  readonly folded: boolean;
}

export const usePanels = create<Panels>(() => ({ panel: null, drawer: false, folded: false }));

export const showPanel = (panel: Panel): void => usePanels.setState({ panel });
export const setDrawer = (drawer: boolean): void => usePanels.setState({ drawer });
export const toggleFolded = (): void => usePanels.setState(({ folded }) => ({ folded: !folded }));
