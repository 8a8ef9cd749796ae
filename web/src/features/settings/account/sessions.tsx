"use client";

import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import * as account from "@/lib/api/account";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { Unread } from "@/ui/unread";
import { deviceOf, isPhone } from "./device";

/** Where the person is signed in: end one of the others, or all of them. */
export function Sessions() {
  const t = useT();
  const { data, error, mutate } = useSWR(account.SESSIONS, account.sessions);
  const [busy, setBusy] = useState(false);
  const end = async (run: () => Promise<void>, gone: (session: account.Session) => boolean, words: string) => {
    setBusy(true);
    try {
      await run();
      await mutate((data ?? []).filter((session) => !gone(session)));
      toast(words);
    } catch (failure) {
      toast(wordsFor(failure, t), { tone: "danger" });
      await mutate();
    } finally {
      setBusy(false);
    }
  };
  if (!data && error) return <Unread failure={error} onRetry={() => void mutate()} />;
  if (!data) return <Skeleton lines={3} label={t("loading")} />;
  const others = data.filter((session) => !session.current);
  return (
    <>
      <ul aria-label={t("sessions.title")} className="divide-y divide-line rounded-xl border border-line bg-raised">
        {data.map((session) => (
          <Row
            key={session.id}
            session={session}
            busy={busy}
            onEnd={() =>
              void end(
                () => account.endSession(session.id),
                ({ id }) => id === session.id,
                t("sessions.ended"),
              )
            }
          />
        ))}
      </ul>
      {others.length > 0 && (
        <Button
          className="mt-4"
          disabled={busy}
          onClick={() => void end(account.endOtherSessions, ({ current }) => !current, t("sessions.endedOthers"))}
        >
          {t("sessions.endOthers")}
        </Button>
      )}
    </>
  );
}

interface RowProps {
  readonly session: account.Session;
  readonly busy: boolean;
  readonly onEnd: () => void;
}

function Row({ session, busy, onEnd }: RowProps) {
  const t = useT();
  const language = useLanguage();
  const Icon = isPhone(session.user_agent) ? Smartphone : Monitor;
  const name = deviceOf(session.user_agent) || t("sessions.unknown");
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Icon aria-hidden className="size-5 shrink-0 text-muted" strokeWidth={1.75} />
      <div className="min-w-0 flex-1 text-sm">
        <p className="truncate font-medium">
          <bdi>{name}</bdi>
          {session.current && (
            <span className="ms-2 rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium text-accent">
              {t("sessions.current")}
            </span>
          )}
        </p>
        <p className="text-muted wrap-anywhere">
          {t("sessions.used", { time: dateTime(session.used_at, language), address: session.address || "–" })}
        </p>
      </div>
      {!session.current && (
        <Button small disabled={busy} aria-label={t("sessions.endOne", { name })} onClick={onEnd}>
          {t("auth.logOut")}
        </Button>
      )}
    </li>
  );
}
