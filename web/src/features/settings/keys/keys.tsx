"use client";

import { useState } from "react";
import useSWR from "swr";
import { type ApiKey, KEYS, keys, revokeKey } from "@/lib/api/keys";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { Unread } from "@/ui/unread";
import { KeyDialog } from "./key-dialog";
import { KeyRow } from "./key-row";

/** The person's keys for programs, what each may take, and a way to make one. */
export function Keys() {
  const t = useT();
  const { data, error, mutate } = useSWR(KEYS, keys, { revalidateOnFocus: false });
  const [making, setMaking] = useState(false);
  const revoke = async (key: ApiKey) => {
    try {
      await revokeKey(key.id);
      toast(t("keys.revoked", { name: key.name }));
    } catch (failure) {
      toast(wordsFor(failure, t), { tone: "danger" });
    }
    await mutate();
  };
  return (
    <>
      {data === undefined && !error && <Skeleton lines={2} label={t("loading")} />}
      {data === undefined && error && (
        <div className="mb-4">
          <Unread failure={error} onRetry={() => void mutate()} />
        </div>
      )}
      {data?.length === 0 && <p className="text-sm text-muted">{t("keys.empty")}</p>}
      {data !== undefined && data.length > 0 && (
        <ul aria-label={t("keys.title")} className="divide-y divide-line rounded-xl border border-line bg-raised">
          {data.map((key) => (
            <KeyRow key={key.id} apiKey={key} onChanged={() => mutate()} onRevoke={() => void revoke(key)} />
          ))}
        </ul>
      )}
      <Button className="mt-4" onClick={() => setMaking(true)}>
        {t("keys.open")}
      </Button>
      {making && <KeyDialog onMade={() => void mutate()} onClose={() => setMaking(false)} />}
    </>
  );
}
