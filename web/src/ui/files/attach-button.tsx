"use client";

import { Paperclip } from "lucide-react";
import { useRef } from "react";
import { attach, useFileLimits } from "@/lib/files";
import { size } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";

/** Lets files be chosen, and says before how large they may be. */
export function AttachButton({ chat }: { readonly chat: string }) {
  const t = useT();
  const language = useLanguage();
  const limits = useFileLimits();
  const input = useRef<HTMLInputElement>(null);
  const hint = limits ? t("files.hint", { size: size(limits.file_bytes, language) }) : "";
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="files"
        onChange={(event) => {
          attach(chat, [...(event.target.files ?? [])], limits);
          event.target.value = "";
        }}
      />
      <button
        type="button"
        aria-label={t("files.attach")}
        title={hint ? `${t("files.attach")} (${hint})` : t("files.attach")}
        onClick={() => input.current?.click()}
        className="inline-flex size-11 shrink-0 items-center justify-center rounded-full text-muted transition-colors hover:bg-hover hover:text-ink"
      >
        <Paperclip aria-hidden className="size-5" strokeWidth={1.75} />
      </button>
    </>
  );
}
