/** Lead to the message that the address names, however far back and on whatever branch it is. */

"use client";

import { useEffect } from "react";
import * as api from "@/lib/api";
import { translate } from "@/lib/i18n";
import { chatPath, go, useTarget } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { toast } from "@/ui/toasts";
import { showBranch } from "../thread/actions";
import { threadOf } from "../thread/store";
import { branch } from "../thread/tree";
import { fetchOlder } from "../thread/use-thread";
import { seek, seekNothing } from "./sought";

/** Seek it as soon as the conversation's newest messages are there; `conversation` is undefined until they are. */
export function useSeek(conversation: api.Conversation | undefined): void {
  const { message, round } = useTarget();
  const id = conversation?.id;
  const leaf = conversation?.active_leaf_id ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round seeks it again, another leaf does not
  useEffect(() => {
    if (id === undefined || message === null) return;
    let wanted = true;
    void lead(id, message, leaf, () => wanted);
    return () => {
      wanted = false;
      seekNothing();
    };
  }, [id, message, round]);
}

async function lead(id: string, messageId: string, leaf: string | null, wanted: () => boolean): Promise<void> {
  try {
    const there = await reached(id, messageId, wanted);
    if (!wanted()) return;
    if (there) return show(id, messageId, leaf);
    toast(translate("find.gone"));
  } catch (error) {
    if (!wanted()) return;
    toast(wordsFor(error, translate), { tone: "danger" });
  }
  go(chatPath(id), { replace: true });
}

/** Fetch back to a message; false where it is gone. */
async function reached(id: string, messageId: string, wanted: () => boolean): Promise<boolean> {
  const there = () => threadOf(id).messages.has(messageId);
  if (there()) return true;
  seek(messageId, "older");
  if (!(await exists(id, messageId))) return false;
  while (wanted() && !there() && (await fetchOlder(id)));
  return there();
}

async function exists(id: string, messageId: string): Promise<boolean> {
  try {
    await api.message(id, messageId);
    return true;
  } catch (error) {
    if (api.hasCode(error, "not_found")) return false;
    throw error;
  }
}

function show(id: string, messageId: string, activeLeaf: string | null): void {
  const { messages, leaf } = threadOf(id);
  const shown = branch(messages, leaf ?? activeLeaf).some((message) => message.id === messageId);
  if (!shown) showBranch(id, messageId);
  seek(messageId, "here");
}
