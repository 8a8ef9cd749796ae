"use client";

import { X } from "lucide-react";
import { useEffect } from "react";
import { create } from "zustand";
import { IconButton } from "./icon-button";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "note" | "danger";
  /** It stays until it is closed. */
  readonly lasting?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));
let last = 0;

/** Show a sentence for a few seconds, with one action where there is one. */
export function toast(text: string, given: Partial<Pick<Toast, "tone" | "lasting" | "action">> = {}): void {
  const shown: Toast = { id: ++last, text, tone: "note", ...given };
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.filter((other) => other.text !== text), shown].slice(-3) }));
}

const drop = (id: number) =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((other) => other.id !== id) }));

/** Where toasts appear; once on the page. */
export function Toasts({ closeLabel }: { readonly closeLabel: string }) {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-28 z-60 flex flex-col items-center gap-2 px-4"
    >
      {toasts.map((shown) => (
        <Row key={shown.id} shown={shown} closeLabel={closeLabel} />
      ))}
    </div>
  );
}

function Row({ shown, closeLabel }: { readonly shown: Toast; readonly closeLabel: string }) {
  useEffect(() => {
    if (shown.lasting) return;
    const timer = setTimeout(() => drop(shown.id), shown.action ? 8000 : 5000);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div
      className={`pointer-events-auto flex max-w-full animate-rise items-center gap-3 rounded-xl border border-line bg-raised py-1.5 ps-4 pe-1.5 text-sm shadow-float ${shown.tone === "danger" ? "text-danger" : ""}`}
    >
      <span className="min-w-0 py-1">{shown.text}</span>
      {shown.action && (
        <button
          type="button"
          className="rounded-lg px-2 py-1 font-medium text-accent hover:bg-hover"
          onClick={() => {
            shown.action?.run();
            drop(shown.id);
          }}
        >
          {shown.action.label}
        </button>
      )}
      <IconButton small icon={X} label={closeLabel} onClick={() => drop(shown.id)} />
    </div>
  );
}
