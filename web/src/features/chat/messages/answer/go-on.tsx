"use client";

import { Play, RotateCw } from "lucide-react";
import type { Message } from "@/lib/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { goOn, regenerate } from "../../thread/actions";
import { TEMPORARY } from "../../thread/store";

/** Continue where there is text, try again where there is none or where nothing is kept that could be continued. */
export function GoOn({ message }: { readonly message: Message }) {
  const t = useT();
  const { conversation_id: id } = message;
  if (message.content === "" || id === TEMPORARY) {
    return (
      <Button small onClick={() => void regenerate(id, message.id)}>
        <RotateCw aria-hidden className="size-4" />
        {t("tryAgain")}
      </Button>
    );
  }
  return (
    <Button small onClick={() => void goOn(id, message.id)}>
      <Play aria-hidden className="size-4 rtl:-scale-x-100" />
      {t("continue")}
    </Button>
  );
}
