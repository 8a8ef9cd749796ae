"use client";

import { createContext, type MouseEvent, type ReactNode, useContext } from "react";
import { useT } from "@/lib/i18n";

/** Which footnotes a text has, and what its ids begin with: a page shows many texts. */
export interface KnownNotes {
  readonly prefix: string;
  readonly labels: ReadonlySet<string>;
}

export const Notes = createContext<KnownNotes>({ prefix: "", labels: new Set() });

/** Go there without a new address: the page's own would be lost. */
function go(event: MouseEvent, id: string): void {
  event.preventDefault();
  const there = document.getElementById(id);
  there?.scrollIntoView({ block: "nearest" });
  there?.focus({ preventScroll: true });
}

/** A number that leads to its note; as it was written as long as there is none. */
export function NoteRef({ label, written }: { readonly label: string; readonly written: string }) {
  const { prefix, labels } = useContext(Notes);
  const t = useT();
  if (!labels.has(label)) return written;
  const note = `${prefix}-note-${label}`;
  return (
    <sup>
      <a
        id={`${prefix}-ref-${label}`}
        href={`#${note}`}
        aria-label={t("note.go", { label })}
        onClick={(event) => go(event, note)}
      >
        {label}
      </a>
    </sup>
  );
}

/** A note, with the way back to where it is named. */
export function Note({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const { prefix } = useContext(Notes);
  const t = useT();
  const back = `${prefix}-ref-${label}`;
  return (
    <div className="note" id={`${prefix}-note-${label}`} tabIndex={-1} dir="auto">
      <a href={`#${back}`} aria-label={t("note.back", { label })} onClick={(event) => go(event, back)}>
        {label}
      </a>
      <div>{children}</div>
    </div>
  );
}
