/** What is pasted into the composer: files are attached, and so is a text that is too long to be read in the box. */

import type { FileLimits } from "@/lib/api/files";
import { attach, detach } from "@/lib/files";
import type { Translate } from "@/lib/i18n";
import { toast } from "@/ui/toasts";

/** Characters from which on a text becomes a file. */
export const LONG_PASTE = 8_000;

export interface Pasting {
  readonly chat: string;
  /** Files are stored here; where nothing may be, none are taken. */
  readonly withFiles: boolean;
  readonly limits: FileLimits | undefined;
  readonly t: Translate;
  /** Put a text where the caret is. */
  readonly insert: (text: string) => void;
}

/** Take what is pasted. False: the browser is to insert it as it does. */
export function paste(data: DataTransfer, { chat, withFiles, limits, t, insert }: Pasting): boolean {
  const files = [...data.files];
  const text = data.getData("text/plain");
  if (files.length > 0) {
    if (withFiles) attach(chat, files, limits);
    else toast(t("temporary.noFiles"));
    return true;
  }
  if (!withFiles || text.length < LONG_PASTE) return false;
  const file = new File([text], `${t("files.pastedName")}.txt`, { type: "text/plain" });
  const [key] = attach(chat, [file], limits);
  toast(t("files.pastedAsFile"), {
    action: {
      label: t("files.insertAsText"),
      run: () => {
        if (key !== undefined) detach(chat, key);
        insert(text);
      },
    },
  });
  return true;
}
