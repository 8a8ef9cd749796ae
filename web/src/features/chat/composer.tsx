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
      className="rounded-3xl border border-line-strong/40 bg-raised p-2 shadow-float transition-colors focus-within:border-accent"
    >
      <textarea
        ref={box}
        rows={1}
        dir="auto"
        value={draft}
        aria-label={t("composer.label")}
        placeholder={t("composer.placeholder")}
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-[40dvh] min-h-11 w-full resize-none bg-transparent px-3 py-2 leading-relaxed outline-none"
      />
      <div className="flex items-center justify-end gap-2">
        <p
          className={`flex-1 px-3 text-xs ${tooLong ? "text-danger" : "text-muted"}`}
          role={tooLong ? "alert" : undefined}
        >
          {tooLong ? (
            t("composer.tooLong")
          ) : (
            <span className="hidden pointer-fine:sm:inline">{t("composer.keys")}</span>
          )}
        </p>
        {answering && (
          <button
            type="button"
            aria-label={t("stop")}
            title={`${t("stop")} (Esc)`}
            onClick={onStop}
            className="inline-flex size-10 items-center justify-center rounded-full border border-line-strong/60 bg-raised hover:bg-hover"
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
            className="inline-flex size-10 items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-hover disabled:bg-hover disabled:text-muted"
          >
            <ArrowUp aria-hidden className="size-5" />
          </button>
        )}
      </div>
    </form>
  );
}
