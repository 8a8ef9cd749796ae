/** What was chosen for a conversation that does not exist yet. */

import { create } from "zustand";
import type { Settings } from "./api";

interface NewChat {
  readonly model: string | null;
  readonly settings: Settings;
}

const fresh: NewChat = { model: null, settings: {} };

export const useNewChat = create<NewChat>(() => fresh);
export const chooseForNewChat = (part: Partial<NewChat>): void => useNewChat.setState(part);
export const resetNewChat = (): void => useNewChat.setState(fresh);
