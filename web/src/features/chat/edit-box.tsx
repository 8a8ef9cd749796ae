"use client";

import { useState } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";

export interface EditBoxProps {
  readonly text: string;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

/** A message being edited in its place. */
export function EditBox({ text, onSend, onCancel }: EditBoxProps) {
  const t = useT();
  const [draft, setDraft] = useState(text);
  const ready = draft.trim() !== "";
  return (
    <form
      className="flex flex-col gap-2 rounded-2xl border border-line-strong/50 bg-raised p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend(draft.trim());
      }}
    >
      <textarea
        // biome-ignore lint/a11y/noAutofocus: the person asked for this box
        autoFocus
        dir="auto"
        aria-label={t("message.edit")}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            onCancel();
          }
          if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            if (ready) onSend(draft.trim());
          }
        }}
        className="field-sizing-content max-h-[50dvh] min-h-16 w-full resize-none bg-transparent px-1 leading-relaxed outline-none"
      />
      <div className="flex justify-end gap-2">
        <Button small look="quiet" onClick={onCancel}>
          {t("cancel")}
        </Button>
        <Button small look="primary" type="submit" disabled={!ready}>
          {t("send")}
        </Button>
      </div>
    </form>
  );
}
