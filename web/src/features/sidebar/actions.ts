/** What a person can do with a conversation in the list. Shown at once; undone where the server refuses. */

import * as api from "@/lib/api";
import { deleteMany, restoreMany } from "@/lib/api/account";
import { hideConversation, patchShown, refreshConversations, showConversation } from "@/lib/data";
import { translate } from "@/lib/i18n";
import { chatPath, go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { toast } from "@/ui/toasts";

async function changed(
  id: string,
  now: Partial<api.Conversation>,
  change: api.ConversationChange,
  before: api.Conversation,
): Promise<void> {
  patchShown(id, now);
  try {
    showConversation(await api.changeConversation(id, change));
  } catch (error) {
    showConversation(before);
    toast(wordsFor(error, translate), { tone: "danger" });
  }
}

export const rename = (conversation: api.Conversation, title: string): Promise<void> =>
  changed(conversation.id, { title }, { title }, conversation);

export const pin = (conversation: api.Conversation): Promise<void> =>
  changed(conversation.id, { pinned: !conversation.pinned }, { pinned: !conversation.pinned }, conversation);

/** Put away or take back; either can be undone from the note. */
export async function archive(conversation: api.Conversation): Promise<void> {
  const archived = !conversation.archived;
  leave(conversation.id);
  hideConversation(conversation.id);
  await changed(conversation.id, { archived }, { archived }, conversation);
  toast(translate(archived ? "sidebar.archived" : "sidebar.unarchived"), {
    action: {
      label: translate("undo"),
      run: () =>
        void changed(conversation.id, { archived: !archived }, { archived: !archived }, { ...conversation, archived }),
    },
  });
}

/** Delete without a question; the note can bring it back. */
export async function remove(conversation: api.Conversation): Promise<void> {
  leave(conversation.id);
  hideConversation(conversation.id);
  try {
    await api.deleteConversation(conversation.id);
  } catch (error) {
    showConversation(conversation);
    toast(wordsFor(error, translate), { tone: "danger" });
    return;
  }
  toast(translate("sidebar.deleted"), {
    action: { label: translate("undo"), run: () => void restore(conversation.id) },
  });
}

/** Delete many without a question; one note can bring all of them back. */
export async function removeMany(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    leave(id);
    hideConversation(id);
  }
  try {
    const gone = await deleteMany(ids);
    toast(translate("select.deleted", { count: gone.length }), {
      action: { label: translate("undo"), run: () => void bringBack(gone) },
    });
  } catch (error) {
    toast(wordsFor(error, translate), { tone: "danger" });
  }
  await refreshConversations();
}

async function bringBack(ids: readonly string[]): Promise<void> {
  try {
    await restoreMany(ids);
  } catch (error) {
    toast(wordsFor(error, translate), { tone: "danger" });
  }
  await refreshConversations();
}

async function restore(id: string): Promise<void> {
  try {
    showConversation(await api.restoreConversation(id));
  } catch (error) {
    toast(wordsFor(error, translate), { tone: "danger" });
    await refreshConversations();
  }
}

const leave = (id: string) => {
  if (location.pathname === chatPath(id)) go("/", { replace: true });
};

/** Fetch the conversation as a file and hand it to the browser. */
export async function save(conversation: api.Conversation, format: "markdown" | "json"): Promise<void> {
  try {
    const file = await api.download(`${api.conversationPath(conversation.id)}/export?format=${format}`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${(conversation.title ?? "chat").replace(/[\\/:*?"<>|]/g, " ").slice(0, 80)}.${format === "json" ? "json" : "md"}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (error) {
    toast(wordsFor(error, translate), { tone: "danger" });
  }
}
