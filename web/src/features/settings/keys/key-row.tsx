"use client";

import { KeyRound, Pencil } from "lucide-react";
import { useRef, useState } from "react";
import type { ApiKey } from "@/lib/api/keys";
import { dateTime } from "@/lib/format";
import { type Translate, useLanguage, useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { KeyEdit } from "./key-edit";
import { mayOf } from "./key-form";

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly onChanged: () => Promise<unknown>;
  readonly onRevoke: () => void;
}

/** A key: what it may, until when, and the ways to change and to end it. */
export function KeyRow({ apiKey, onChanged, onRevoke }: KeyRowProps) {
  const t = useT();
  const language = useLanguage();
  // Nothing brings a revoked key back: it is asked for twice.
  const [sure, setSure] = useState(false);
  const [changing, setChanging] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const over = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) < Date.now();
  const time = (at: string) => dateTime(at, language);
  const close = () => {
    setChanging(false);
    requestAnimationFrame(() => pencil.current?.focus());
  };
  if (changing)
    return (
      <li>
        <KeyEdit apiKey={apiKey} onChanged={onChanged} onClose={close} />
      </li>
    );
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
      {!over && (
        <IconButton
          ref={pencil}
          icon={Pencil}
          label={t("keys.changeOne", { name: apiKey.name })}
          small
          onClick={() => setChanging(true)}
        />
      )}
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
  return [
    t(`keys.may.${mayOf(scopes)}`),
    ...(requests_per_minute === null ? [] : [t("keys.perMinute", { count: requests_per_minute })]),
    ...(quota?.day == null ? [] : [t("keys.perDay", { count: quota.day })]),
    ...(quota?.month == null ? [] : [t("keys.perMonth", { count: quota.month })]),
  ];
}
