"use client";

import { MessageCircleDashed, PanelLeft, Share2, SlidersHorizontal, SquarePen } from "lucide-react";
import { useAsking } from "@/lib/asking";
import { useConversation } from "@/lib/data";
import { useTitle } from "@/lib/hooks/use-title";
import { useT } from "@/lib/i18n";
import { setDrawer, showPanel, toggleFolded, usePanels } from "@/lib/panels";
import { go } from "@/lib/route";
import { IconButton } from "@/ui/icon-button";
import { ModelPicker } from "./composer/model-picker";
import { forgetTemporary } from "./thread/store";

export interface ChatHeaderProps {
  readonly id: string | null;
  readonly temporary?: boolean;
  readonly model: string | null;
  readonly onModel: (name: string) => void;
}

/** Above a conversation: the sidebar's button, the model, the settings. */
export function ChatHeader({ id, temporary = false, model, onModel }: ChatHeaderProps) {
  const t = useT();
  const folded = usePanels((state) => state.folded);
  const { data: conversation } = useConversation(id);
  const title = conversation?.title ?? t(temporary ? "temporary.title" : "chat.new");
  const asks = useAsking(({ ids }) => id !== null && ids.has(id));
  useTitle(asks ? `✋ ${title}` : title);
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 px-2 sm:px-3">
      <h1 className="sr-only">{title}</h1>
      <IconButton
        icon={PanelLeft}
        label={t("sidebar.open")}
        className="md:hidden rtl:-scale-x-100"
        onClick={() => setDrawer(true)}
      />
      {folded && (
        <IconButton
          icon={PanelLeft}
          label={t("sidebar.unfold")}
          className="hidden md:inline-flex rtl:-scale-x-100"
          onClick={toggleFolded}
        />
      )}
      <ModelPicker chosen={model} onChoose={onModel} />
      <p dir="auto" className="hidden min-w-0 flex-1 truncate text-center text-sm text-muted lg:block">
        {id === null && !temporary ? "" : title}
      </p>
      <span className="flex-1 lg:hidden" />
      {id !== null && <IconButton icon={Share2} label={t("share.open")} onClick={() => showPanel("share", id)} />}
      {id === null && (
        <IconButton
          icon={MessageCircleDashed}
          label={t(temporary ? "temporary.leave" : "temporary.begin")}
          aria-pressed={temporary}
          className={temporary ? "bg-accent-soft text-accent" : ""}
          onClick={() => {
            if (!temporary) forgetTemporary();
            go(temporary ? "/" : "/temporary");
          }}
        />
      )}
      <IconButton icon={SlidersHorizontal} label={t("settings.open")} onClick={() => showPanel("settings")} />
      <IconButton
        icon={SquarePen}
        label={t("chat.new")}
        className={folded ? "" : "md:hidden"}
        onClick={() => go("/")}
      />
    </header>
  );
}
