"use client";

import { useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api/passkeys";
import { hasPasskeys } from "@/lib/browser/passkeys";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { Unread } from "@/ui/unread";
import { AddPasskey } from "./add-passkey";
import { RemovePasskey, RenamePasskey } from "./change-passkey";
import { PasskeyRow } from "./passkey-row";

type Doing = "add" | { readonly rename: api.Passkey } | { readonly remove: api.Passkey };

interface PasskeysProps {
  /** Passkeys are part of two-step sign-in: what is told of it may have changed. */
  readonly onChanged: () => void;
}

/** The person's passkeys, and the ways to add, name and remove one. */
export function Passkeys({ onChanged }: PasskeysProps) {
  const t = useT();
  const { data, error, mutate } = useSWR(api.PASSKEYS, api.passkeys, { revalidateOnFocus: false });
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => {
    setDoing(null);
    void mutate();
    onChanged();
  };
  if (!data && error) return <Unread failure={error} onRetry={() => void mutate()} />;
  if (!data) return <Skeleton lines={2} label={t("loading")} />;
  return (
    <>
      {data.items.length === 0 ? (
        <p className="text-sm text-muted">{t(data.host ? "passkeys.none" : "passkeys.off")}</p>
      ) : (
        <ul aria-label={t("passkeys.title")} className="divide-y divide-line rounded-xl border border-line bg-raised">
          {data.items.map((each) => (
            <PasskeyRow
              key={each.id}
              passkey={each}
              onRename={() => setDoing({ rename: each })}
              onRemove={() => setDoing({ remove: each })}
            />
          ))}
        </ul>
      )}
      {hasPasskeys(data.host) ? (
        <Button className="mt-4" onClick={() => setDoing("add")}>
          {t("passkeys.add")}
        </Button>
      ) : (
        data.host && <p className="mt-4 text-sm text-muted">{t("passkeys.elsewhere", { host: data.host })}</p>
      )}
      {doing === "add" && <AddPasskey onClose={close} />}
      {doing !== null && doing !== "add" && "rename" in doing && (
        <RenamePasskey passkey={doing.rename} onClose={close} />
      )}
      {doing !== null && doing !== "add" && "remove" in doing && (
        <RemovePasskey passkey={doing.remove} onClose={close} />
      )}
    </>
  );
}
