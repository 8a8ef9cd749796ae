"use client";

import { useEffect, useRef } from "react";
import type { Message } from "@/lib/api";
import { markSought, useSought } from "./sought";

/** Scroll to the message that is sought as soon as it is in the list; `leave` is called before, so that nothing pulls back to the end. */
export function useArrival(path: readonly Message[], leave: () => void, scrollTo: (index: number) => void): void {
  const id = useSought((sought) => (sought.state === "here" ? sought.id : null));
  const index = id === null ? -1 : path.findIndex((message) => message.id === id);
  const latest = useRef({ leave, scrollTo });
  latest.current = { leave, scrollTo };
  useEffect(() => {
    if (index < 0) return;
    const frame = requestAnimationFrame(() => {
      latest.current.leave();
      latest.current.scrollTo(index);
      markSought();
    });
    return () => cancelAnimationFrame(frame);
  }, [index]);
}
