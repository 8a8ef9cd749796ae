"use client";

import { ArrowDown } from "lucide-react";
import { useT } from "@/lib/i18n";

/** The way back to the end, for who reads further up. */
export function ToNewest({ onGo }: { readonly onGo: () => void }) {
  const t = useT();
  return (
    <button
      type="button"
      onClick={onGo}
      className="absolute inset-x-0 bottom-3 z-10 mx-auto flex w-fit animate-rise items-center gap-2 rounded-full border border-line bg-raised px-4 py-2 text-sm shadow-float hover:bg-hover"
    >
      <ArrowDown aria-hidden className="size-4" />
      {t("chat.newest")}
    </button>
  );
}
