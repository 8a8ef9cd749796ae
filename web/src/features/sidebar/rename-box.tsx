"use client";

import { useRef, useState } from "react";
import { useT } from "@/lib/i18n";

/** A title being written in its place: Enter keeps, Esc forgets, leaving keeps. */
export function RenameBox({
  title,
  onDone,
}: {
  readonly title: string;
  readonly onDone: (title: string | null) => void;
}) {
  const t = useT();
  const [draft, setDraft] = useState(title);
  const over = useRef(false);
  const done = (kept: boolean) => {
    if (over.current) return;
    over.current = true;
    const wanted = draft.trim();
    onDone(kept && wanted !== "" && wanted !== title ? wanted : null);
  };
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the person asked for this box
      autoFocus
      dir="auto"
      maxLength={200}
      aria-label={t("sidebar.rename")}
      value={draft}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => done(true)}
      onKeyDown={(event) => {
        if (event.key === "Enter") done(true);
        if (event.key === "Escape") {
          event.stopPropagation();
          done(false);
        }
      }}
      className="w-full rounded-lg border border-accent bg-raised px-3 py-1.5 text-sm outline-none"
    />
  );
}
