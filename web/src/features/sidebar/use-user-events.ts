/** Follow what happens to this person's conversations on any device. */

"use client";

import { useEffect } from "react";
import useSWR, { mutate } from "swr";
import * as api from "@/lib/api";
import { TOOLS, tools } from "@/lib/api/tools";
import { markAsking, setAsking, unmarkAsking } from "@/lib/asking";
import { hideConversation, patchShown, refreshConversations, setMe, showConversation } from "@/lib/data";
import { translate } from "@/lib/i18n";
import { chatPath, go, routeOf } from "@/lib/route";
import { followEvents, type StreamEvent } from "@/lib/stream";
import { toast } from "@/ui/toasts";
import { markUnread } from "./unread";

export function useUserEvents(): void {
  const { data } = useSWR(TOOLS, tools, {
    revalidateOnFocus: false,
    shouldRetryOnError: false,
    dedupingInterval: 60_000,
  });
  useEffect(() => {
    if (data) setAsking(data.asking);
  }, [data]);
  useEffect(() => {
    const connection = followEvents({
      onEvents: (events) => {
        for (const event of events) hear(event);
      },
      renew: () => api.me().then(() => true),
    });
    return connection.close;
  }, []);
}

const FLYING: ReadonlySet<string> = new Set(["queued", "running", "waiting"]);

const looksAt = (id: string): boolean => location.pathname === chatPath(id) && !document.hidden;

function hear(event: StreamEvent): void {
  switch (event.kind) {
    case "conversation":
      return showConversation(event.conversation);
    case "conversation_deleted":
      return deletedElsewhere(event.conversation_id);
    case "answering": {
      const answering = FLYING.has(event.status);
      patchShown(event.conversation_id, { answering });
      if (event.asks) markAsking(event.conversation_id);
      else if (event.status !== "waiting") unmarkAsking(event.conversation_id);
      if (!answering && !looksAt(event.conversation_id)) markUnread(event.conversation_id);
      return;
    }
    case "document":
      return void dispatchEvent(new Event("olamchat.document"));
    case "title":
      return patchShown(event.conversation_id, { title: event.title });
    case "sync":
      void mutate(TOOLS);
      return void refreshConversations();
    case "signed_out":
      return void signedOut();
    default:
  }
}

/** Who deletes a conversation here has left it already. */
function deletedElsewhere(id: string): void {
  hideConversation(id);
  if (location.pathname !== chatPath(id)) return;
  go("/", { replace: true });
  toast(translate("sidebar.deletedElsewhere"));
}

/** It may have been another session: ask who is signed in here. */
async function signedOut(): Promise<void> {
  const user = await api.me().catch((error: unknown) => (error instanceof api.OfflineError ? undefined : null));
  if (user !== undefined) await setMe(user);
  if (user === null && routeOf(location.pathname).screen !== "login") go("/login");
}
