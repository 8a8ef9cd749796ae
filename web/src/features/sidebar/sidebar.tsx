"use client";

import { Archive, ArrowLeft, PanelLeftClose, Search, SquarePen, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { setDrawer, showPanel, toggleFolded, usePanels } from "@/lib/panels";
import { go } from "@/lib/route";
import { IconButton } from "@/ui/icon-button";
import { Mark } from "@/ui/mark";
import { ConversationList } from "./conversation-list";
import type { DrawerProps } from "./drawer";
import { endChoosing } from "./selection";
import { markRead } from "./unread";
import { useUserEvents } from "./use-user-events";

export interface SidebarProps {
  readonly current: string | null;
  /** At the foot: who is signed in. */
  readonly children: ReactNode;
}

const Drawer = fetched<DrawerProps>(() => import("./drawer").then((module) => module.Drawer));

/** The conversations: a column on a desk, a drawer on a phone. */
export function Sidebar({ current, children }: SidebarProps) {
  const t = useT();
  useUserEvents();
  const { drawer, folded } = usePanels();
  const wide = useWide();
  useEffect(() => {
    if (current !== null) markRead(current);
  }, [current]);
  const inside = <Inside current={current}>{children}</Inside>;
  if (!wide) return drawer ? <Drawer label={t("sidebar.label")}>{inside}</Drawer> : null;
  if (folded) return null;
  return (
    <nav aria-label={t("sidebar.label")} className="flex h-full w-72 shrink-0 flex-col border-e border-line bg-side">
      {inside}
    </nav>
  );
}

function Inside({ current, children }: SidebarProps) {
  const t = useT();
  const [archive, setArchive] = useState(false);
  useEffect(() => endChoosing, []);
  const wide = useWide();
  const search = () => {
    setDrawer(false);
    showPanel("palette");
  };
  return (
    <>
      <div className="flex h-14 shrink-0 items-center gap-2 ps-4 pe-2">
        <Mark className="size-6 text-accent" />
        <span className="flex-1 font-serif text-lg">olamchat</span>
        <IconButton icon={Search} label={t("palette.open")} onClick={search} />
        {wide ? (
          <IconButton
            icon={PanelLeftClose}
            label={t("sidebar.fold")}
            className="rtl:-scale-x-100"
            onClick={toggleFolded}
          />
        ) : (
          <IconButton icon={X} label={t("close")} onClick={() => setDrawer(false)} />
        )}
      </div>
      <div className="px-2 pb-3">
        <Command
          icon={SquarePen}
          onClick={() => {
            go("/");
            setDrawer(false);
          }}
        >
          {t("chat.new")}
        </Command>
        <Command
          icon={archive ? ArrowLeft : Archive}
          onClick={() => {
            endChoosing();
            setArchive(!archive);
          }}
        >
          {t(archive ? "sidebar.back" : "sidebar.archiveList")}
        </Command>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2">
        <ConversationList current={current} archived={archive} />
      </div>
      <div className="shrink-0 border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">{children}</div>
    </>
  );
}

function Command({
  icon: Icon,
  onClick,
  children,
}: {
  readonly icon: typeof Search;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex w-full items-center gap-3 rounded-lg px-3 py-2 text-sm font-medium hover:bg-hover"
    >
      <Icon aria-hidden className="size-4.5 text-accent rtl:-scale-x-100" strokeWidth={1.75} />
      {children}
    </button>
  );
}

const WIDE = "(min-width: 48rem)";

function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const change = () => setWide(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return wide;
}
