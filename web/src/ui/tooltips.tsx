"use client";

import { Tooltip as Base } from "@base-ui/react/tooltip";
import { useEffect, useState } from "react";
import { landmarkOf } from "@/lib/overlay";

const AFTER_MS = 500;

interface Tip {
  readonly element: Element;
  readonly text: string;
}

const tipOf = (target: EventTarget | null): Tip | null => {
  const element = target instanceof Element ? target.closest("[data-tip]") : null;
  const text = element?.getAttribute("data-tip");
  return element && text ? { element, text } : null;
};

/** The one tooltip of the page: the words of `data-tip`, for a pointer that rests on a button and for the focus of the keyboard. */
export function Tooltips() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => listen(setTip), []);
  return (
    <Base.Root open={tip !== null}>
      <Base.Portal container={landmarkOf(tip?.element)}>
        <Base.Positioner
          positionMethod="fixed"
          anchor={tip?.element ?? null}
          sideOffset={6}
          collisionPadding={8}
          className="pointer-events-none z-60"
        >
          <Base.Popup className="max-w-64 rounded-lg bg-ink px-2 py-1 text-xs text-bg shadow-float">
            {tip?.text}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function listen(show: (tip: Tip | null) => void): () => void {
  let timer = 0;
  let over: Element | null = null;
  const hide = () => {
    clearTimeout(timer);
    over = null;
    show(null);
  };
  const later = (tip: Tip | null) => {
    if (tip?.element === over) return;
    hide();
    if (tip === null) return;
    over = tip.element;
    timer = window.setTimeout(() => tip.element.isConnected && show(tip), AFTER_MS);
  };
  const onOver = (event: PointerEvent) => event.pointerType === "mouse" && later(tipOf(event.target));
  const tell = (focused: EventTarget | null) =>
    later(focused instanceof Element && focused.matches(":focus-visible") ? tipOf(focused) : null);
  const onFocus = (event: FocusEvent) => tell(event.target);
  const gone = new AbortController();
  const { signal } = gone;
  addEventListener("pointerover", onOver, { signal });
  addEventListener("focusin", onFocus, { signal });
  for (const name of ["pointerdown", "keydown", "wheel", "blur"] as const)
    addEventListener(name, hide, { signal, capture: true, passive: true });
  // This part of the page comes late: the keyboard may have been at a button before.
  tell(document.activeElement);
  return () => {
    gone.abort();
    hide();
  };
}
