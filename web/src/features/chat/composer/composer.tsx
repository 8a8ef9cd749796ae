"use client";

import { ArrowUp, Square } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef } from "react";
import type { Attachment } from "@/lib/api/files";
import { fetched } from "@/lib/fetched";
import { take, useFileLimits } from "@/lib/files";
import { useT, withSentences } from "@/lib/i18n";
import { AttachButton, DropZone, useObstacle } from "@/ui/files";
import type { EntriesProps } from "./entries/entries";
import { NoDrop } from "./no-drop";
import { paste } from "./paste";

export interface ComposerProps {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  readonly onSend: (text: string, files: readonly Attachment[], steer: boolean) => void;
  readonly answering: boolean;
  readonly onStop: () => void;
  /** ↑ in an empty box. */
  readonly onEditLast: () => void;
  readonly focusKey: string;
  /** Files are stored; where nothing may be, none are taken. */
  readonly withFiles: boolean;
  /** The model that will answer; null for the one that the server takes. */
  readonly model: string | null;
  readonly onModel: (name: string) => void;
  /** What stands beside the paper clip. */
  readonly more?: ReactNode;
}

/** What a message may begin with is fetched when its sign is typed. */
const Entries = fetched<EntriesProps>(() =>
  withSentences("assistants", import("./entries/entries")).then((module) => module.Entries),
);
const Tray = fetched<{ readonly chat: string }>(() =>
  withSentences("knowledge", import("@/ui/files/tray")).then((module) => module.Tray),
);
const LONGEST = 100_000;
const ROUND = "inline-flex size-11 shrink-0 items-center justify-center rounded-full transition-colors";

/** Where the person writes. It is never locked. */
export function Composer({
  box,
  draft,
  onDraft,
  onSend,
  answering,
  onStop,
  onEditLast,
  focusKey,
  withFiles,
  model,
  onModel,
  more,
}: ComposerProps) {
  const t = useT();
  const text = draft.trim();
  const tooLong = text.length > LONGEST;
  const limits = useFileLimits();
  const files = useObstacle(focusKey, model);
  const nothing = text === "" && !files.ready;
  const held = nothing || tooLong || files.why !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a conversation that is opened is ready to be written in
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) box.current?.focus({ preventScroll: true });
  }, [focusKey, box]);
  const keys = useRef<((event: KeyboardEvent) => boolean) | null>(null);
  const send = (steer = false) => {
    if (held) return;
    onSend(text, take(focusKey), steer);
    onDraft("");
  };
  const insert = (pasted: string) => {
    const { value, selectionStart, selectionEnd } = box.current ?? { value: "", selectionStart: 0, selectionEnd: 0 };
    onDraft(value.slice(0, selectionStart) + pasted + value.slice(selectionEnd));
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || keys.current?.(event)) return;
    const touch = matchMedia("(pointer: coarse)").matches;
    if (event.key === "Enter" && !event.shiftKey && !touch) {
      event.preventDefault();
      send(answering && (event.ctrlKey || event.metaKey));
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
      className="relative rounded-[1.75rem] border border-line-strong/40 bg-raised p-1.5 shadow-float transition-colors focus-within:border-accent"
    >
      {/^[@/]\S*$/.test(draft) && <Entries {...{ box, draft, onDraft, onModel, keys }} />}
      {withFiles ? <DropZone chat={focusKey} /> : <NoDrop />}
      {withFiles && files.any && <Tray chat={focusKey} />}
      <div className="flex items-end gap-1.5">
        {withFiles && <AttachButton chat={focusKey} />}
        {more}
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={draft}
          aria-label={t("composer.label")}
          placeholder={t("composer.placeholder")}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (paste(event.clipboardData, { chat: focusKey, withFiles, limits, t, insert })) event.preventDefault();
          }}
          className="field-sizing-content max-h-[40dvh] min-h-11 min-w-0 flex-1 resize-none bg-transparent py-2.5 ps-1 pe-4 leading-6 outline-none"
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
        {(!answering || !nothing) && (
          <button
            type="submit"
            aria-label={t(answering ? "composer.sendNext" : "send")}
            title={t(answering ? "composer.sendNext" : "send")}
            disabled={held}
            className={`${ROUND} bg-accent text-on-accent hover:bg-accent-hover disabled:bg-hover disabled:text-muted`}
          >
            <ArrowUp aria-hidden className="size-5" />
          </button>
        )}
      </div>
      {files.why !== null && (
        <p
          role="status"
          className={`px-4 pt-1 pb-2 text-sm ${files.why === "files.wait" ? "text-muted" : "text-warn"}`}
        >
          {t(files.why, { model: model ?? t("files.thisModel") })}
        </p>
      )}
      {tooLong && (
        <p role="alert" className="px-4 pt-1 pb-2 text-sm text-danger">
          {t("composer.tooLong")}
        </p>
      )}
    </form>
  );
}
