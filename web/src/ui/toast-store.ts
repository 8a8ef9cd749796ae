/** What is to be said in a toast, by whoever has something to say. */

import { create } from "zustand";

export interface Toast {
  readonly id: string;
  readonly text: string;
  readonly tone: "note" | "danger";
  /** It stays until it is closed. */
  readonly lasting?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** What is to be shown, until the list of toasts takes it over. */
export const useToasts = create<{ readonly waiting: readonly Toast[] }>(() => ({ waiting: [] }));
let last = 0;

/** Show a sentence for a few seconds, with one action where there is one. */
export function toast(text: string, given: Partial<Pick<Toast, "tone" | "lasting" | "action">> = {}): void {
  last += 1;
  const shown: Toast = { id: String(last), text, tone: "note", ...given };
  useToasts.setState(({ waiting }) => ({ waiting: [...waiting, shown] }));
}
