"use client";

import { MessageCircleDashed } from "lucide-react";
import { useEffect } from "react";
import { useT } from "@/lib/i18n";

/** Says that nothing is stored, and has the browser ask before what was said is lost. */
export function TemporaryNote({ begun }: { readonly begun: boolean }) {
  const t = useT();
  useEffect(() => {
    if (!begun) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [begun]);
  return (
    <p
      role="status"
      className="mx-auto flex w-fit max-w-[calc(100%-2rem)] items-center justify-center gap-2 rounded-xl border border-dashed border-line-strong px-4 py-2 text-center text-sm text-muted"
    >
      <MessageCircleDashed aria-hidden className="size-4 shrink-0" />
      {t("temporary.about")}
    </p>
  );
}
