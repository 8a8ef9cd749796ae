/** A change of what the answers of a conversation, or of the next one, may use. */

import * as api from "@/lib/api";
import { patchShown, showConversation } from "@/lib/data";
import { translate } from "@/lib/i18n";
import { chooseForNewChat } from "@/lib/new-chat";
import { wordsFor } from "@/lib/words";
import { toast } from "@/ui/toasts";

export interface OfConversation {
  readonly id: string | null;
  /** The key of its draft. */
  readonly chat: string;
  readonly conversation: api.Conversation | undefined;
}

export function change(id: string | null, settings: api.Settings): void {
  if (id === null) return chooseForNewChat({ settings });
  patchShown(id, { settings });
  api
    .changeConversation(id, { settings })
    .then(showConversation, (error) => toast(wordsFor(error, translate), { tone: "danger" }));
}
