"use client";

import { Quote } from "lucide-react";
import { useEffect, useState } from "react";
import { useT } from "@/lib/i18n";
import { type Chosen, chosen } from "./quote";

export interface QuoteButtonProps {
  readonly onQuote: (text: string) => void;
}

const GAP_PX = 8;
const HEIGHT_PX = 44;

/** Offers to ask about what is selected in an answer. */
export function QuoteButton({ onQuote }: QuoteButtonProps) {
  const t = useT();
  const [now, forget] = useChosen();
  if (now === null) return null;
  // Above what is selected, below it where a phone shows its own menu above.
  const under = matchMedia("(pointer: coarse)").matches || now.place.top < HEIGHT_PX + GAP_PX;
  return (
    <button
      type="button"
      onPointerDown={(event) => event.preventDefault()} // the selection stays
      onClick={() => {
        onQuote(now.text);
        forget();
      }}
      style={{
        top: under ? now.place.bottom + GAP_PX : now.place.top - HEIGHT_PX - GAP_PX,
        left: `clamp(6rem, ${now.place.left + now.place.width / 2}px, calc(100vw - 6rem))`,
      }}
      className="fixed z-40 inline-flex h-11 -translate-x-1/2 animate-rise items-center gap-2 rounded-xl border border-line bg-raised px-4 text-sm font-medium shadow-float hover:bg-hover"
    >
      <Quote aria-hidden className="size-4 text-accent" />
      {t("answer.askAbout")}
    </button>
  );
}

/** What is selected in an answer once the selecting is over, and a way to forget it. */
function useChosen(): readonly [Chosen | null, () => void] {
  const [now, setNow] = useState<Chosen | null>(null);
  useEffect(() => {
    let pressed = false;
    const look = () => setNow(pressed ? null : chosen(getSelection()));
    const press = () => {
      pressed = true;
    };
    const release = () => {
      pressed = false;
      requestAnimationFrame(look);
    };
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener("selectionchange", look, { signal });
    document.addEventListener("pointerdown", press, { signal });
    document.addEventListener("pointerup", release, { signal });
    document.addEventListener("pointercancel", release, { signal });
    document.addEventListener("scroll", look, { signal, capture: true, passive: true });
    return () => listening.abort();
  }, []);
  return [
    now,
    () => {
      getSelection()?.removeAllRanges();
      setNow(null);
    },
  ];
}
