"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { type ApiKey, KEYS, keys, revokeKey } from "@/lib/api/keys";
import { dateTime } from "@/lib/format";
import { type Translate, useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { KeyDialog } from "./key-dialog";

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
        <div role="alert" className="mb-4 flex flex-col items-start gap-3 text-sm">
          {wordsFor(error, t)}
          <Button small onClick={() => void mutate()}>
            {t("tryAgain")}
          </Button>
        </div>
      )}
      {data?.length === 0 && <p className="text-sm text-muted">{t("keys.empty")}</p>}
      {data !== undefined && data.length > 0 && (
        <ul aria-label={t("keys.title")} className="divide-y divide-line rounded-xl border border-line bg-raised">
          {data.map((key) => (
            <Row key={key.id} apiKey={key} onRevoke={() => void revoke(key)} />
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

function Row({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: () => void }) {
  const t = useT();
  const language = useLanguage();
  // Nothing brings a revoked key back: it is asked for twice.
  const [sure, setSure] = useState(false);
  const over = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) < Date.now();
  const time = (at: string) => dateTime(at, language);
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <KeyRound aria-hidden className="mt-0.5 size-5 shrink-0 text-muted" strokeWidth={1.75} />
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-x-2">
          <bdi className="font-medium wrap-anywhere">{apiKey.name}</bdi>
          <code dir="ltr" className="text-muted">
            {apiKey.hint}…
          </code>
          {over && (
            <span className="rounded-full bg-danger-soft px-2 py-0.5 text-xs text-danger">{t("keys.over")}</span>
          )}
        </p>
        <p className="text-muted">{limitsOf(apiKey, t).join(" · ")}</p>
        <p className="text-muted">
          {[
            apiKey.expires_at ? t("keys.until", { time: time(apiKey.expires_at) }) : t("keys.forever"),
            apiKey.used_at ? t("keys.used", { time: time(apiKey.used_at) }) : t("keys.unused"),
          ].join(" · ")}
        </p>
      </div>
      <Button
        small
        look={sure ? "danger" : "plain"}
        aria-label={t(sure ? "keys.revokeSure" : "keys.revokeOne", { name: apiKey.name })}
        onBlur={() => setSure(false)}
        onClick={() => (sure ? onRevoke() : setSure(true))}
      >
        {t(sure ? "keys.sure" : "keys.revoke")}
      </Button>
    </li>
  );
}

/** What the key opens, and its own limits. */
function limitsOf({ scopes, requests_per_minute, quota }: ApiKey, t: Translate): readonly string[] {
  const may = scopes.includes("admin") ? "admin" : scopes.includes("chat") ? "chat" : "read";
  return [
    t(`keys.may.${may}`),
    ...(requests_per_minute === null ? [] : [t("keys.perMinute", { count: requests_per_minute })]),
    ...(quota?.day == null ? [] : [t("keys.perDay", { count: quota.day })]),
    ...(quota?.month == null ? [] : [t("keys.perMonth", { count: quota.month })]),
  ];
}
