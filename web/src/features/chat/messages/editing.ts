import { create } from "zustand";

/** Which of the person's messages is being edited. */
export const useEditing = create<{ readonly id: string | null }>(() => ({ id: null }));
