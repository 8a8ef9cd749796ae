"use client";

import { useEffect } from "react";
import { useT } from "@/lib/i18n";
import { toast } from "@/ui/toasts";

/** Refuses files that are dropped on the page, where they may not be stored; the browser would open them in its place. */
export function NoDrop() {
  const t = useT();
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      if (event.type === "drop") toast(t("temporary.noFiles"));
      else event.dataTransfer.dropEffect = "none";
    };
    addEventListener("dragover", refuse);
    addEventListener("drop", refuse);
    return () => {
      removeEventListener("dragover", refuse);
      removeEventListener("drop", refuse);
    };
  }, [t]);
  return null;
}
