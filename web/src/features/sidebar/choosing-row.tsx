"use client";

import { memo } from "react";
import type { Conversation } from "@/lib/api";
import { useT } from "@/lib/i18n";
import { choose, extended, toggled, useSelection } from "./selection";

export interface ChoosingRowProps {
  readonly conversation: Conversation;
  readonly shown: readonly string[];
}

/** One conversation of the list while some are being chosen; with Shift a range is. */
export const ChoosingRow = memo(function ChoosingRow({ conversation, shown }: ChoosingRowProps) {
  const t = useT();
  const { id } = conversation;
  const chosen = useSelection(({ selection }) => selection?.ids.has(id) ?? false);
  return (
    <li className={`rounded-lg ${chosen ? "bg-accent-soft" : "hover:bg-hover/60"}`}>
      <label className="flex cursor-pointer items-center gap-3 px-3 py-2 text-sm select-none">
        <input
          type="checkbox"
          checked={chosen}
          className="size-4 shrink-0 accent-accent"
          onClick={(event) => {
            const range = event.shiftKey;
            choose((now) => (range ? extended(now, id, shown) : toggled(now, id)));
          }}
          onChange={() => undefined}
        />
        <span dir="auto" className="min-w-0 flex-1 truncate">
          {conversation.title ?? t("chat.new")}
        </span>
      </label>
    </li>
  );
});
