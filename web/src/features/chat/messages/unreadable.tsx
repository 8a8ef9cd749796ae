"use client";

import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";

export interface UnreadableProps {
  readonly failure: unknown;
  readonly onRetry: () => void;
}

/** The messages could not be fetched: why, and the one sensible button. */
export function Unreadable({ failure, onRetry }: UnreadableProps) {
  const t = useT();
  return (
    <div role="alert" className="flex flex-col items-start gap-3 py-8">
      <p>{wordsFor(failure, t)}</p>
      <Button onClick={onRetry}>{t("tryAgain")}</Button>
    </div>
  );
}
