"use client";

import { useEffect } from "react";
import { isOverlaid } from "@/lib/overlay";
import { showPanel, toggleFolded } from "@/lib/panels";
import { go } from "@/lib/route";

const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The keys that work everywhere. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || isOverlaid()) return;
      const run = commandOf(event);
      if (run === null) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function commandOf(event: KeyboardEvent): (() => void) | null {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === "k") return () => showPanel("palette");
    if (key === "b") return toggleFolded;
    if (key === ",") return () => showPanel("settings");
    if (key === "o" && event.shiftKey) return () => go("/");
    return null;
  }
  if (event.altKey || writes(event.target)) return null;
  if (key === "?") return () => showPanel("help");
  if (key === "/") return () => document.querySelector<HTMLTextAreaElement>("form textarea")?.focus();
  return null;
}
