"use client";

import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "./button";

export interface UnreadProps {
  readonly failure: unknown;
  readonly onRetry: () => void;
}

/** A list that could not be fetched: why, and a button to try again. */
export function Unread({ failure, onRetry }: UnreadProps) {
  const t = useT();
  return (
    <div role="alert" className="flex flex-col items-start gap-3 text-sm">
      {wordsFor(failure, t)}
      <Button small onClick={onRetry}>
        {t("tryAgain")}
      </Button>
    </div>
  );
}
