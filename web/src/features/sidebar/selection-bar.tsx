"use client";

import { CheckCheck, Trash2, X } from "lucide-react";
import { useEffect } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { removeMany } from "./actions";
import { all, choose, endChoosing, useSelection } from "./selection";

/** What can be done with all that is chosen; Esc ends the choosing, Ctrl/⌘-A chooses all, Delete deletes. */
export function SelectionBar({ shown }: { readonly shown: readonly string[] }) {
  const t = useT();
  const ids = useSelection(({ selection }) => selection?.ids);
  const remove = () => {
    if (!ids || ids.size === 0) return;
    endChoosing();
    void removeMany([...ids]);
  };
  useSelectionKeys(shown, remove);
  if (!ids) return null;
  return (
    <div
      role="toolbar"
      aria-label={t("select.bar")}
      className="sticky top-0 z-10 mb-2 flex items-center gap-1 rounded-lg border border-line bg-raised py-1 ps-3 pe-1 shadow-float"
    >
      <span role="status" className="min-w-0 flex-1 truncate text-sm">
        {t("select.count", { count: ids.size })}
      </span>
      <IconButton small icon={CheckCheck} label={t("select.all")} onClick={() => choose((now) => all(now, shown))} />
      <Button small look="danger" disabled={ids.size === 0} onClick={remove}>
        <Trash2 aria-hidden className="size-4" />
        {t("sidebar.delete")}
      </Button>
      <IconButton small icon={X} label={t("select.end")} onClick={endChoosing} />
    </div>
  );
}

function useSelectionKeys(shown: readonly string[], remove: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const inList = event.target instanceof Element && event.target.closest("nav") !== null;
      if (!inList) return;
      if (event.key === "Escape") endChoosing();
      else if (event.key === "Delete" || event.key === "Backspace") remove();
      else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) choose((now) => all(now, shown));
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  }, [shown, remove]);
}
