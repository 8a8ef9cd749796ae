"use client";

import * as api from "@/lib/api";
import { patchShown, showConversation, useMe } from "@/lib/data";
import { translate } from "@/lib/i18n";
import { chooseForNewChat, useNewChat } from "@/lib/new-chat";
import { wordsFor } from "@/lib/words";
import { toast } from "@/ui/toasts";

/** The conversation's model and how to choose another. */
export function useModel(
  id: string | null,
  conversation: api.Conversation | undefined,
): readonly [string | null, (name: string) => void] {
  const fresh = useNewChat((state) => state.model);
  const { data: user } = useMe();
  const usual = user?.settings.model ?? null;
  if (id === null) return [fresh ?? usual, (model) => chooseForNewChat({ model })];
  const choose = (model: string) => {
    patchShown(id, { model });
    api
      .changeConversation(id, { model })
      .then(showConversation, (error) => toast(wordsFor(error, translate), { tone: "danger" }));
  };
  return [conversation?.model ?? usual, choose];
}
