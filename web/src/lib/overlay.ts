/** Dialogs, menus and pickers lie over the page and take its keys. Each marks itself with this attribute while it is open. */

export const OVERLAY = { "data-overlay": "" } as const;

/** Tell whether something lies over the page. */
export const isOverlaid = (): boolean => document.querySelector("[data-overlay]") !== null;

/** The part of the page around an element: what belongs to the element is put there, so that a screen reader finds it in its place. */
export const landmarkOf = (element: Element | null | undefined): HTMLElement | undefined =>
  element?.closest<HTMLElement>("[role=dialog], main, nav") ?? undefined;
