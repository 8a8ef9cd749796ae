"use client";

import { useT } from "@/lib/i18n";
import { chooseForNewChat } from "@/lib/new-chat";
import { go } from "@/lib/route";
import { Button } from "@/ui/button";
import { ChatHeader } from "./chat-header";

/** The conversation was deleted, or never was this person's. */
export function Missing() {
  const t = useT();
  return (
    <div className="flex h-full min-w-0 flex-1 flex-col">
      <ChatHeader id={null} model={null} onModel={(model) => chooseForNewChat({ model })} />
      <div className="flex flex-1 flex-col items-center justify-center gap-4 p-8 pb-32 text-center">
        <h2 className="font-serif text-3xl">{t("chat.missing")}</h2>
        <p className="text-muted">{t("chat.missingMore")}</p>
        <Button look="primary" onClick={() => go("/")}>
          {t("chat.new")}
        </Button>
      </div>
    </div>
  );
}
