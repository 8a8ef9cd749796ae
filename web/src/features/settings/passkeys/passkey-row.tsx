"use client";

import { Fingerprint, Pencil } from "lucide-react";
import type { Passkey } from "@/lib/api/passkeys";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";

interface PasskeyRowProps {
  readonly passkey: Passkey;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}

/** A passkey: since when there is one, and when it was last used. */
export function PasskeyRow({ passkey, onRename, onRemove }: PasskeyRowProps) {
  const t = useT();
  const language = useLanguage();
  const { name, synced, created_at, used_at } = passkey;
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Fingerprint aria-hidden className="mt-0.5 size-5 shrink-0 text-muted" strokeWidth={1.75} />
      <div className="min-w-0 flex-1 text-sm">
        <bdi className="font-medium wrap-anywhere">{name}</bdi>
        <p className="text-muted">
          {[
            t("passkeys.created", { time: dateTime(created_at, language) }),
            used_at ? t("passkeys.used", { time: dateTime(used_at, language) }) : t("passkeys.unused"),
            ...(synced ? [t("passkeys.synced")] : []),
          ].join(" · ")}
        </p>
      </div>
      <IconButton icon={Pencil} label={t("passkeys.renameOne", { name })} small onClick={onRename} />
      <Button small aria-label={t("passkeys.removeOne", { name })} onClick={onRemove}>
        {t("passkeys.remove")}
      </Button>
    </li>
  );
}
