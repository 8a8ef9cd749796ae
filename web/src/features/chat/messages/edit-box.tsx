"use client";

import { X } from "lucide-react";
import { useState } from "react";
import type { Attachment } from "@/lib/api/files";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";

export interface EditBoxProps {
  readonly text: string;
  readonly files: readonly Attachment[];
  readonly onSend: (text: string, files: readonly Attachment[]) => void;
  readonly onCancel: () => void;
}

/** A message being edited in its place. */
export function EditBox({ text, files: before, onSend, onCancel }: EditBoxProps) {
  const t = useT();
  const [draft, setDraft] = useState(text);
  const [files, setFiles] = useState(before);
  const ready = draft.trim() !== "" || files.length > 0;
  return (
    <form
      className="flex flex-col gap-2 rounded-2xl border border-line-strong/50 bg-raised p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend(draft.trim(), files);
      }}
    >
      {files.length > 0 && (
        <ul aria-label={t("files.of")} className="flex flex-wrap gap-2">
          {files.map((file) => (
            <li
              key={file.id}
              className="flex max-w-full items-center gap-1 rounded-lg border border-line bg-sunken ps-3"
            >
              <span dir="auto" className="min-w-0 truncate text-sm">
                {file.name}
              </span>
              <IconButton
                small
                icon={X}
                label={t("files.remove", { name: file.name })}
                onClick={() => setFiles(files.filter((each) => each !== file))}
              />
            </li>
          ))}
        </ul>
      )}
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
            if (ready) onSend(draft.trim(), files);
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
