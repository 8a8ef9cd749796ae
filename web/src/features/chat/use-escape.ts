"use client";

import { useEffect, useRef } from "react";
import { isOverlaid } from "@/lib/overlay";
import { usePanels } from "@/lib/panels";

/** Esc, when nothing lies over the page that would take it. */
export function useEscape(run: () => unknown): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    // Looked at before the key is heard by what lies over the page: that is gone by the time the key arrives here.
    let free = true;
    const look = () => {
      const { panel, drawer } = usePanels.getState();
      free = panel === null && !drawer && !isOverlaid();
    };
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === "Escape" && free) latest.current();
    };
    addEventListener("keydown", look, true);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", look, true);
      removeEventListener("keydown", onKey);
    };
  }, []);
}
