"use client";

import { useEffect, useState } from "react";
import { prepareMenus } from "@/ui/menu";
import { prepareToasts } from "@/ui/toasts";

const AT_REST_MS = 4_000;
const HANDS = ["pointerdown", "pointermove", "keydown"] as const;

/** Fetch what menus and toasts need when somebody first moves a hand, else a while after the page stands. True from then on. */
export function usePrepared(): boolean {
  const [prepared, setPrepared] = useState(false);
  useEffect(() => {
    const prepare = () => {
      stop();
      prepareMenus();
      prepareToasts();
      setPrepared(true);
    };
    const timer = setTimeout(prepare, AT_REST_MS);
    const stop = () => {
      clearTimeout(timer);
      for (const hand of HANDS) removeEventListener(hand, prepare);
    };
    for (const hand of HANDS) addEventListener(hand, prepare, { passive: true });
    return stop;
  }, []);
  return prepared;
}
