"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

const NEAR = 40;
/** So long after a hand was at the page a scroll is taken for its doing, even while the text grows. */
const BY_HAND_MS = 400;
const HANDS = ["pointerdown", "pointermove", "touchmove", "keydown"] as const;

export interface Stick {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** The newest line is not in sight. */
  readonly away: boolean;
  readonly toBottom: (smooth?: boolean) => void;
  /** Stay where one is led to next. */
  readonly leave: () => void;
}

/** Stay at the bottom while at the bottom, and never pull there otherwise. `empty`: there is nothing to follow, so one begins at the top. */
export function useStick(key: string, empty: boolean): Stick {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const touched = useRef(Number.NEGATIVE_INFINITY);
  const [away, setAway] = useState(false);

  const toBottom = useCallback((smooth = false) => {
    const box = scroller.current;
    if (!box) return;
    stuck.current = true;
    touched.current = Number.NEGATIVE_INFINITY;
    setAway(false);
    // A long way is jumped: what comes by would be measured, and that breaks a smooth scroll off.
    const near = box.scrollHeight - box.scrollTop < 4 * box.clientHeight;
    box.scrollTo({ top: box.scrollHeight, behavior: smooth && near ? "smooth" : "instant" });
  }, []);

  const leave = useCallback(() => {
    stuck.current = false;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation begins at its end
  useEffect(() => {
    if (!empty) return toBottom();
    stuck.current = false;
    scroller.current?.scrollTo({ top: 0, behavior: "instant" });
  }, [key, empty, toBottom]);

  useEffect(() => {
    const box = scroller.current;
    const inside = content.current;
    if (!box || !inside) return;
    const below = () => box.scrollHeight - box.scrollTop - box.clientHeight;
    let last = box.scrollTop;
    let height = box.scrollHeight;
    const touch = (event: Event) => {
      if (!(event instanceof PointerEvent) || event.buttons > 0) touched.current = performance.now();
    };
    const onScroll = () => {
      // A message that was estimated and then is measured moves the place too; that is nobody's wish.
      const wished = box.scrollHeight === height || performance.now() - touched.current < BY_HAND_MS;
      const up = wished && box.scrollTop < last - 1;
      last = box.scrollTop;
      height = box.scrollHeight;
      if (below() <= NEAR) stuck.current = !box.hasAttribute("data-empty");
      else if (up) stuck.current = false;
      setAway(!stuck.current && below() > NEAR && !box.hasAttribute("data-empty"));
    };
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY < 0 && box.scrollHeight > box.clientHeight) stuck.current = false;
    };
    const grew = new ResizeObserver(() => {
      if (stuck.current) box.scrollTop = box.scrollHeight;
      else setAway(below() > NEAR && !box.hasAttribute("data-empty"));
    });
    grew.observe(inside);
    grew.observe(box);
    for (const hand of HANDS) addEventListener(hand, touch, { passive: true });
    box.addEventListener("scroll", onScroll, { passive: true });
    box.addEventListener("wheel", onWheel, { passive: true });
    return () => {
      grew.disconnect();
      for (const hand of HANDS) removeEventListener(hand, touch);
      box.removeEventListener("scroll", onScroll);
      box.removeEventListener("wheel", onWheel);
    };
  }, []);

  return { scroller, content, away, toBottom, leave };
}
