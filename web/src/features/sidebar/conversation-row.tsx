"use client";

import {
  Archive,
  ArchiveRestore,
  Ellipsis,
  FileDown,
  FileJson,
  Hand,
  ListChecks,
  Pencil,
  Pin,
  PinOff,
  Share2,
  Trash2,
} from "lucide-react";
import { memo, useState } from "react";
import type { Conversation } from "@/lib/api";
import { useAsking } from "@/lib/asking";
import { useT } from "@/lib/i18n";
import { setDrawer, showPanel } from "@/lib/panels";
import { chatPath, go } from "@/lib/route";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { archive, pin, remove, rename, save } from "./actions";
import { RenameBox } from "./rename-box";
import { beginChoosing, choose, toggled } from "./selection";
import { useUnread } from "./unread";

export interface ConversationRowProps {
  readonly conversation: Conversation;
  readonly current: boolean;
}

/** One conversation of the list. */
export const ConversationRow = memo(function ConversationRow({ conversation, current }: ConversationRowProps) {
  const t = useT();
  const [renaming, setRenaming] = useState(false);
  const unread = useUnread((state) => state.ids.has(conversation.id));
  const asks = useAsking((state) => state.ids.has(conversation.id));
  const title = conversation.title ?? t("chat.new");
  if (renaming) {
    return (
      <li>
        <RenameBox
          title={conversation.title ?? ""}
          onDone={(wanted) => {
            setRenaming(false);
            if (wanted) void rename(conversation, wanted);
          }}
        />
      </li>
    );
  }
  return (
    <li className={`group/row relative flex items-center rounded-lg ${current ? "bg-hover" : "hover:bg-hover/60"}`}>
      <a
        href={chatPath(conversation.id)}
        aria-current={current ? "page" : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          go(chatPath(conversation.id));
          setDrawer(false);
        }}
        onDoubleClick={() => setRenaming(true)}
        className="flex min-w-0 flex-1 items-center gap-2 rounded-lg py-2 ps-3 pe-1 text-sm"
      >
        <span dir="auto" className={`min-w-0 flex-1 truncate ${unread ? "font-semibold" : ""}`}>
          {title}
        </span>
        {conversation.answering && asks && (
          <Hand role="img" aria-label={t("sidebar.asks")} className="size-4 shrink-0 text-warn" />
        )}
        {conversation.answering && !asks && (
          <span
            role="img"
            aria-label={t("sidebar.answering")}
            className="size-2 shrink-0 animate-breathe rounded-full bg-accent"
          />
        )}
        {unread && !conversation.answering && (
          <span role="img" aria-label={t("sidebar.unread")} className="size-2 shrink-0 rounded-full bg-accent" />
        )}
      </a>
      <div className="me-1 flex shrink-0 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 has-aria-expanded:opacity-100 pointer-coarse:opacity-100">
        <RowMenu conversation={conversation} onRename={() => setRenaming(true)} />
      </div>
    </li>
  );
});

function RowMenu({ conversation, onRename }: { readonly conversation: Conversation; readonly onRename: () => void }) {
  const t = useT();
  return (
    <Menu
      label={t("sidebar.menu")}
      items={[
        { label: t("sidebar.rename"), icon: Pencil, onSelect: onRename },
        {
          label: t(conversation.pinned ? "sidebar.unpin" : "sidebar.pin"),
          icon: conversation.pinned ? PinOff : Pin,
          onSelect: () => void pin(conversation),
        },
        {
          label: t(conversation.archived ? "sidebar.unarchive" : "sidebar.archive"),
          icon: conversation.archived ? ArchiveRestore : Archive,
          onSelect: () => void archive(conversation),
        },
        {
          label: t("share.open"),
          icon: Share2,
          onSelect: () => {
            setDrawer(false);
            showPanel("share", conversation.id);
          },
        },
        "line",
        { label: t("sidebar.saveMarkdown"), icon: FileDown, onSelect: () => void save(conversation, "markdown") },
        { label: t("sidebar.saveJson"), icon: FileJson, onSelect: () => void save(conversation, "json") },
        "line",
        {
          label: t("select.begin"),
          icon: ListChecks,
          onSelect: () => {
            beginChoosing();
            choose((now) => toggled(now, conversation.id));
          },
        },
        { label: t("sidebar.delete"), icon: Trash2, danger: true, onSelect: () => void remove(conversation) },
      ]}
      trigger={(props) => <IconButton small icon={Ellipsis} label={t("sidebar.menu")} {...props} />}
    />
  );
}
