"use client";

import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./icon-button";

export interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** "side" is a panel at the end of the line, full height; "bare" has no heading of its own to be seen. */
  readonly shape?: "centre" | "side" | "bare";
}

const SHAPES = {
  centre: "m-auto w-[min(34rem,calc(100vw-2rem))] max-h-[min(44rem,calc(100dvh-2rem))] rounded-2xl",
  side: "ms-auto me-0 my-0 h-dvh max-h-none w-[min(25rem,100vw)] rounded-none border-s",
  bare: "mx-auto mt-[12dvh] mb-auto w-[min(38rem,calc(100vw-1.5rem))] max-h-[76dvh] rounded-2xl",
} as const;

/** A modal dialog on the browser's own <dialog>: focus stays inside, Esc and a click beside it close it. */
export function Dialog({ title, closeLabel, onClose, children, shape = "centre" }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the dialog's own key
    <dialog
      ref={element}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => event.target === element.current && element.current.close()}
      className={`overflow-hidden border border-line bg-raised p-0 text-ink shadow-float open:flex open:animate-rise ${SHAPES[shape]}`}
    >
      <div className="flex max-h-full min-h-0 w-full flex-col">
        <header className={shape === "bare" ? "sr-only" : "flex items-center justify-between gap-4 py-3 ps-6 pe-3"}>
          <h2 id={heading} className="font-serif text-xl">
            {title}
          </h2>
          <IconButton icon={X} label={closeLabel} onClick={() => element.current?.close()} />
        </header>
        <div className={`min-h-0 overflow-y-auto ${shape === "bare" ? "" : "px-6 pb-6"}`}>{children}</div>
      </div>
    </dialog>
  );
}
