"use client";

import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import type { Prompt } from "@/lib/api/prompts";
import type { ServerPrompt } from "@/lib/api/tools";
import { useT } from "@/lib/i18n";
import { variablesOf } from "@/lib/prompts/variables";
import type { Entry } from "./entry";
import { ServerPromptMade } from "./server-prompt";
import { useAssistants } from "./use-assistants";
import { useFill, usePrompts } from "./use-prompts";
import { useServerPrompts } from "./use-server-prompts";
import { VariablesDialog } from "./variables-dialog";

export interface EntriesProps {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  readonly onModel: (name: string) => void;
  /** What takes the box' keys while the list is open; true where a key was meant for the list. */
  readonly keys: RefObject<((event: KeyboardEvent) => boolean) | null>;
}

/** What begins with the sign that was typed, under the person's cursor: the arrows move, Enter and Tab take, Esc closes. */
export function Entries({ box, draft, onDraft, onModel, keys }: EntriesProps) {
  const t = useT();
  const id = useId();
  const [asking, setAsking] = useState<Prompt | null>(null);
  const fill = useFill();
  const [theirs, setTheirs] = useState<ServerPrompt | null>(null);
  const found = fitting([...useAssistants(onModel), ...usePrompts(setAsking), ...useServerPrompts(setTheirs)], draft);
  const [closed, setClosed] = useState("");
  const [place, setPlace] = useState(0);
  const open = found.length > 0 && closed !== draft && asking === null && theirs === null;
  const at = Math.min(place, found.length - 1);
  const put = (text: string) => {
    onDraft(text);
    box.current?.focus();
  };
  const take = (entry: Entry | undefined) => {
    const text = entry?.take() ?? null;
    if (text !== null) put(text);
  };
  keys.current = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const taken = event.key === "Enter" || event.key === "Tab";
    // Shift+Tab goes back and Shift+Enter makes a line, open or not.
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (!open || (step === undefined && !taken && event.key !== "Escape")) return false;
    event.preventDefault();
    event.stopPropagation();
    if (step !== undefined) setPlace((at + step + found.length) % found.length);
    else if (taken) take(found[at]);
    else setClosed(draft);
    return true;
  };
  useEffect(
    () => () => {
      keys.current = null;
    },
    [keys],
  );
  useEffect(() => {
    const area = box.current;
    if (!area || !open) return;
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", id);
    area.setAttribute("aria-activedescendant", `${id}-${at}`);
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
    return () => {
      for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) area.removeAttribute(name);
    };
  }, [box, id, at, open]);
  if (asking)
    return (
      <VariablesDialog
        title={asking.name}
        variables={variablesOf(asking.text)}
        onDone={(values) => put(fill(asking, values))}
        onClose={() => setAsking(null)}
      />
    );
  if (theirs) return <ServerPromptMade prompt={theirs} onText={put} onClose={() => setTheirs(null)} />;
  if (!open) return null;
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t("entries.label")}
      className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-72 overflow-y-auto rounded-2xl border border-line bg-raised p-2 shadow-float"
    >
      {found.map((entry, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box, which has the keys
        // biome-ignore lint/a11y/useKeyWithClickEvents: the same
        <div
          key={entry.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onPointerMove={() => setPlace(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(entry)}
          className="flex min-h-11 cursor-pointer items-baseline gap-3 rounded-xl px-3 py-2.5 aria-selected:bg-hover"
        >
          <bdi className="shrink-0 font-medium">{entry.name}</bdi>
          <bdi className="truncate text-sm text-muted">{entry.about}</bdi>
        </div>
      ))}
    </div>
  );
}

/** The entries whose sign and name begin as what was typed, those that only have it in them last. */
function fitting(entries: readonly Entry[], draft: string): Entry[] {
  const typed = draft.trim().toLowerCase();
  const words = typed.slice(1);
  const same = entries.filter((entry) => entry.name.startsWith(typed.slice(0, 1)));
  const first = same.filter((entry) => entry.name.toLowerCase().startsWith(typed));
  const rest = same.filter(
    (entry) => !first.includes(entry) && `${entry.name} ${entry.about}`.toLowerCase().includes(words),
  );
  return [...first, ...rest].slice(0, 20);
}
