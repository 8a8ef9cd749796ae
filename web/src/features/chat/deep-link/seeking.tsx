"use client";

import { useT } from "@/lib/i18n";
import { useSought } from "./sought";

/** Says that an older message is being fetched, which takes a moment in a long conversation. */
export function Seeking() {
  const t = useT();
  const older = useSought(({ state }) => state === "older");
  if (!older) return null;
  return (
    <p
      role="status"
      className="absolute inset-x-0 top-3 z-10 mx-auto w-fit animate-rise rounded-full border border-line bg-raised px-4 py-2 text-sm text-muted shadow-float"
    >
      {t("find.older")}
    </p>
  );
}
