"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { OVERLAY } from "@/lib/overlay";
import { IconButton } from "./icon-button";

export interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  /** Called when the dialog has closed and the focus is back where it was. */
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** "wide" has room for a page; "side" is a panel at the end of the line, full height; "bare" shows no heading; "drawer" is the sidebar on a phone; "full" fills the window. */
  readonly shape?: keyof typeof SHAPES;
  /** Open the keyboard of a phone too: the dialog is there to be typed in. */
  readonly typing?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

const SHAPES = {
  centre:
    "inset-0 m-auto h-fit w-[min(34rem,calc(100vw-2rem))] max-h-[min(44rem,calc(100dvh-2rem))] rounded-2xl border",
  wide: "inset-0 m-auto h-fit w-[min(56rem,100vw)] max-h-[100dvh] border sm:max-h-[calc(100dvh-2rem)] sm:rounded-2xl",
  side: "inset-y-0 inset-e-0 h-dvh w-[min(25rem,100vw)] border-s",
  bare: "inset-x-0 top-[12dvh] mx-auto h-fit w-[min(38rem,calc(100vw-1.5rem))] max-h-[76dvh] rounded-2xl border",
  drawer: "inset-y-0 inset-s-0 h-dvh w-[min(20rem,86vw)] border-e",
  full: "inset-0",
} as const;

const FIELDS = "input, select, textarea, button, a[href], [tabindex='0']";

/**
 * A modal dialog: the focus goes to its first field and stays inside, Esc and a press beside it close it, and the focus returns to
 * where it was. On a touch screen the dialog itself has the focus, so that no keyboard covers it.
 */
export function Dialog({
  title,
  closeLabel,
  onClose,
  children,
  shape = "centre",
  typing = false,
  onKeyDown,
}: DialogProps) {
  const [open, setOpen] = useState(true);
  const popup = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const framed = shape === "centre" || shape === "wide" || shape === "side";
  const seen = framed || shape === "full";
  const first = () => {
    const touch = matchMedia("(pointer: coarse)").matches && !typing;
    return (touch ? null : inside.current?.querySelector<HTMLElement>(FIELDS)) ?? popup.current;
  };
  return (
    <Base.Root open={open} onOpenChange={setOpen} onOpenChangeComplete={(now) => !now && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(20_16_10/40%)]" />
        <Base.Popup
          ref={popup}
          initialFocus={first}
          onKeyDown={onKeyDown}
          className={`fixed z-40 flex animate-rise flex-col overflow-hidden border-line text-ink shadow-float outline-none ${shape === "drawer" ? "bg-side" : shape === "full" ? "bg-bg" : "bg-raised"} ${SHAPES[shape]}`}
          {...OVERLAY}
        >
          <Base.Title className={framed ? "shrink-0 py-4 ps-6 pe-16 font-serif text-xl wrap-anywhere" : "sr-only"}>
            {title}
          </Base.Title>
          <div ref={inside} className={`min-h-0 flex-1 overflow-y-auto ${framed ? "px-6 pb-6" : ""}`}>
            {children}
          </div>
          <Base.Close
            render={
              <IconButton icon={X} label={closeLabel} className={seen ? "absolute inset-e-2 top-2" : "sr-only"} />
            }
          />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
