"use client";

import { ArrowUp, Square } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect } from "react";
import { useT } from "@/lib/i18n";

export interface ComposerProps {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  readonly onSend: (text: string) => void;
  readonly answering: boolean;
  readonly onStop: () => void;
  /** ↑ in an empty box. */
  readonly onEditLast: () => void;
  readonly focusKey: string;
}

const LONGEST = 100_000;
const ROUND = "inline-flex size-11 shrink-0 items-center justify-center rounded-full transition-colors";

/** Where the person writes. It is never locked. */
export function Composer({ box, draft, onDraft, onSend, answering, onStop, onEditLast, focusKey }: ComposerProps) {
  const t = useT();
  const text = draft.trim();
  const tooLong = text.length > LONGEST;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a conversation that is opened is ready to be written in
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) box.current?.focus({ preventScroll: true });
  }, [focusKey, box]);
  const send = () => {
    if (text === "" || tooLong) return;
    onSend(text);
    onDraft("");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const touch = matchMedia("(pointer: coarse)").matches;
    if (event.key === "Enter" && !event.shiftKey && !touch) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && draft === "") {
      event.preventDefault();
      onEditLast();
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="rounded-[1.75rem] border border-line-strong/40 bg-raised p-1.5 shadow-float transition-colors focus-within:border-accent"
    >
      <div className="flex items-end gap-1.5">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={draft}
          aria-label={t("composer.label")}
          placeholder={t("composer.placeholder")}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[40dvh] min-h-11 min-w-0 flex-1 resize-none bg-transparent px-4 py-2.5 leading-6 outline-none"
        />
        {answering && (
          <button
            type="button"
            aria-label={t("stop")}
            title={`${t("stop")} (Esc)`}
            onClick={onStop}
            className={`${ROUND} border border-line-strong/60 bg-raised hover:bg-hover`}
          >
            <Square aria-hidden className="size-3.5 fill-current" />
          </button>
        )}
        {(!answering || text !== "") && (
          <button
            type="submit"
            aria-label={t(answering ? "composer.sendNext" : "send")}
            title={t(answering ? "composer.sendNext" : "send")}
            disabled={text === "" || tooLong}
            className={`${ROUND} bg-accent text-on-accent hover:bg-accent-hover disabled:bg-hover disabled:text-muted`}
          >
            <ArrowUp aria-hidden className="size-5" />
          </button>
        )}
      </div>
      {tooLong && (
        <p role="alert" className="px-4 pt-1 pb-2 text-sm text-danger">
          {t("composer.tooLong")}
        </p>
      )}
    </form>
  );
}
