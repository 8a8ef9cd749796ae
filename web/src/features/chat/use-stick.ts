"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

const NEAR = 40;

export interface Stick {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** The newest line is not in sight. */
  readonly away: boolean;
  readonly toBottom: (smooth?: boolean) => void;
}

/** Stay at the bottom while at the bottom, and never pull there otherwise. */
export function useStick(key: string): Stick {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [away, setAway] = useState(false);

  const toBottom = useCallback((smooth = false) => {
    const box = scroller.current;
    if (!box) return;
    stuck.current = true;
    setAway(false);
    box.scrollTo({ top: box.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation begins at its end
  useEffect(() => toBottom(), [key, toBottom]);

  useEffect(() => {
    const box = scroller.current;
    const inside = content.current;
    if (!box || !inside) return;
    const below = () => box.scrollHeight - box.scrollTop - box.clientHeight;
    let last = box.scrollTop;
    let height = box.scrollHeight;
    const onScroll = () => {
      // What shrinks (a message that was estimated and then measured) moves the place too; that is nobody's wish.
      const up = box.scrollTop < last - 1 && box.scrollHeight >= height;
      last = box.scrollTop;
      height = box.scrollHeight;
      if (below() <= NEAR) stuck.current = true;
      else if (up) stuck.current = false;
      setAway(!stuck.current && below() > NEAR);
    };
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY < 0 && box.scrollHeight > box.clientHeight) stuck.current = false;
    };
    const grew = new ResizeObserver(() => {
      if (stuck.current) box.scrollTop = box.scrollHeight;
      else setAway(below() > NEAR);
    });
    grew.observe(inside);
    grew.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    box.addEventListener("wheel", onWheel, { passive: true });
    return () => {
      grew.disconnect();
      box.removeEventListener("scroll", onScroll);
      box.removeEventListener("wheel", onWheel);
    };
  }, []);

  return { scroller, content, away, toBottom };
}
