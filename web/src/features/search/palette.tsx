"use client";

import {
  CircleHelp,
  MessageSquare,
  Moon,
  PanelLeft,
  Search,
  Settings,
  SlidersHorizontal,
  SquarePen,
  Sun,
} from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api";
import { useTheme } from "@/lib/browser/theme";
import { useSettled } from "@/lib/hooks/use-settled";
import { useT } from "@/lib/i18n";
import { showPanel, toggleFolded } from "@/lib/panels";
import { chatPath, go, goToMessage } from "@/lib/route";
import { Dialog } from "@/ui/dialog";
import { marked, type Piece, pieces } from "./snippet";

interface Entry {
  readonly key: string;
  readonly icon: typeof Search;
  readonly label: string;
  readonly query?: string;
  readonly snippet?: string | null | undefined;
  readonly note?: string | undefined;
  readonly run: () => void;
}

/** Search in all conversations, and every command of the page, from the keyboard. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const id = useId();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const commands = useCommands().filter((entry) => entry.label.toLowerCase().includes(query.trim().toLowerCase()));
  const { found, searching } = useFound(query.trim());
  const entries = query.trim() === "" ? [...commands, ...found] : [...found, ...commands];
  const active = Math.min(at, entries.length - 1);
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(active + 1, entries.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(active - 1, 0));
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) run(entries[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t("palette.title")} closeLabel={t("close")} shape="bare" typing onClose={onClose}>
      <div className="flex items-center gap-3 border-b border-line ps-4">
        <Search aria-hidden className="size-5 shrink-0 text-muted" />
        <input
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={entries.length > 0 ? `${id}-${active}` : undefined}
          aria-label={t("palette.title")}
          placeholder={t("palette.placeholder")}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-13 w-full bg-transparent outline-none"
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={t("palette.title")} className="p-2">
        {entries.map((entry, index) => (
          <Row key={entry.key} id={`${id}-${index}`} entry={entry} active={index === active} onRun={() => run(entry)} />
        ))}
      </div>
      <p role="status" className={entries.length > 0 ? "sr-only" : "px-4 pb-6 text-center text-muted"}>
        {entries.length > 0
          ? t("palette.count", { count: entries.length })
          : t(searching ? "loading" : "palette.nothing")}
      </p>
    </Dialog>
  );
}

interface RowProps {
  readonly id: string;
  readonly entry: Entry;
  readonly active: boolean;
  readonly onRun: () => void;
}

function Row({ id, entry, active, onRun }: RowProps) {
  const Icon = entry.icon;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the box above keeps the focus
    <div
      id={id}
      role="option"
      aria-selected={active}
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: "nearest" });
      }}
      onClick={onRun}
      className={`flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2.5 hover:bg-hover ${active ? "bg-hover" : ""}`}
    >
      <Icon aria-hidden className="size-4.5 shrink-0 text-muted" strokeWidth={1.75} />
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate">
          <Marked pieces={marked(entry.label, entry.query ?? "")} />
        </span>
        {entry.snippet && (
          <span dir="auto" className="line-clamp-2 text-sm text-muted wrap-anywhere">
            <Marked pieces={pieces(entry.snippet)} />
          </span>
        )}
      </span>
      {entry.note && (
        <span className="shrink-0 rounded-full border border-line px-2 py-0.5 text-xs text-muted">{entry.note}</span>
      )}
    </div>
  );
}

function Marked({ pieces: all }: { readonly pieces: readonly Piece[] }) {
  return all.map(({ text, hit }, index) =>
    hit ? (
      <mark key={index} className="rounded bg-accent-soft px-0.5 text-ink">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}

function useCommands(): readonly Entry[] {
  const t = useT();
  const [theme, setTheme] = useTheme();
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  return [
    { key: "new", icon: SquarePen, label: t("chat.new"), run: () => go("/") },
    { key: "settings", icon: SlidersHorizontal, label: t("settings.open"), run: () => showPanel("settings") },
    {
      key: "theme",
      icon: dark ? Sun : Moon,
      label: t(dark ? "palette.light" : "palette.dark"),
      run: () => setTheme(dark ? "light" : "dark"),
    },
    { key: "sidebar", icon: PanelLeft, label: t("help.sidebar"), run: toggleFolded },
    { key: "account", icon: Settings, label: t("account.title"), run: () => go("/account") },
    { key: "help", icon: CircleHelp, label: t("help.title"), run: () => showPanel("help") },
  ];
}

/** Open a conversation, at the message that was found. */
function open({ id, message_id }: api.Conversation): void {
  if (message_id) goToMessage(id, message_id);
  else go(chatPath(id));
}

/** Conversations that fit the words, from the archive too; the newest ones while there are no words. */
function useFound(query: string): { readonly found: readonly Entry[]; readonly searching: boolean } {
  const t = useT();
  const wanted = useSettled(query, 180);
  const { data, isLoading } = useSWR(
    api.conversationsPath(wanted ? { limit: 20, q: wanted, archived: "any" } : { limit: 6 }),
    api.conversationsAt,
    {
      keepPreviousData: true,
      revalidateOnFocus: false,
    },
  );
  const found = (data?.items ?? []).map((conversation) => ({
    key: conversation.id,
    icon: MessageSquare,
    label: conversation.title ?? t("chat.new"),
    query: wanted,
    snippet: conversation.snippet,
    note: conversation.archived ? t("find.archived") : undefined,
    run: () => open(conversation),
  }));
  return { found, searching: isLoading || wanted !== query };
}
