"use client";

import { useEffect, useRef } from "react";
import { usePanels } from "@/lib/panels";

/** Esc, when nothing lies over the page that would take it. */
export function useEscape(run: () => unknown): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const { panel, drawer } = usePanels.getState();
      if (event.key === "Escape" && panel === null && !drawer && !document.querySelector("dialog[open]"))
        latest.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
