"use client";

import { useEffect, useRef, useState } from "react";

/** Letters that a frame has time to read and to show. */
const STEP = 12_000;

/** A text, of which what comes at once is given bit by bit, whole lines in each frame: a long one would hold up the page. */
export function useGradually(text: string): string {
  const given = useRef(0);
  const [, setTurn] = useState(0);
  const most = given.current + STEP;
  const shown = text.length <= most ? text : text.slice(0, text.lastIndexOf("\n", most) + 1 || most);
  useEffect(() => {
    given.current = shown.length;
    if (shown === text) return;
    const frame = requestAnimationFrame(() => setTurn((turn) => turn + 1));
    return () => cancelAnimationFrame(frame);
  }, [shown, text]);
  return shown;
}
