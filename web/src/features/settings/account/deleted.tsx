"use client";

import { useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api";
import * as account from "@/lib/api/account";
import { showConversation } from "@/lib/data";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { Unread } from "@/ui/unread";

/** What was deleted, when it will be gone for good, and a way back until then. */
export function Deleted() {
  const t = useT();
  const { data, error, mutate } = useSWR(account.DELETED, account.deleted);
  const [busy, setBusy] = useState(false);
  const restore = async (id: string) => {
    setBusy(true);
    try {
      showConversation(await api.restoreConversation(id));
      toast(t("deleted.restored"));
    } catch (failure) {
      toast(wordsFor(failure, t), { tone: "danger" });
    } finally {
      await mutate();
      setBusy(false);
    }
  };
  if (!data && error) return <Unread failure={error} onRetry={() => void mutate()} />;
  if (!data) return <Skeleton lines={3} label={t("loading")} />;
  return (
    <>
      <p className="text-sm text-muted">{about(data, t)}</p>
      {data.items.length > 0 && (
        <ul
          aria-label={t("deleted.title")}
          className="mt-4 divide-y divide-line rounded-xl border border-line bg-raised"
        >
          {data.items.map((item) => (
            <Row key={item.id} item={item} busy={busy} onRestore={() => void restore(item.id)} />
          ))}
        </ul>
      )}
      {data.more && <p className="mt-2 text-sm text-muted">{t("deleted.more", { count: data.items.length })}</p>}
      <p className="mt-4 text-sm text-muted">{others(data, t)}</p>
    </>
  );
}

type T = ReturnType<typeof useT>;
type Kept = Awaited<ReturnType<typeof account.deleted>>;

const about = ({ conversation_days: days, items }: Kept, t: T): string =>
  [days > 0 ? t("deleted.after", { count: days }) : t("deleted.never"), items.length > 0 ? "" : t("deleted.none")]
    .filter(Boolean)
    .join(" ");

/** How long sessions and the audit log are kept; what is kept for ever isn't mentioned. */
const others = ({ session_days, audit_days }: Kept, t: T): string =>
  [
    session_days > 0 ? t("deleted.sessions", { count: session_days }) : "",
    audit_days > 0 ? t("deleted.audit", { count: audit_days }) : "",
  ]
    .filter(Boolean)
    .join(" ");

interface RowProps {
  readonly item: account.DeletedConversation;
  readonly busy: boolean;
  readonly onRestore: () => void;
}

function Row({ item, busy, onRestore }: RowProps) {
  const t = useT();
  const language = useLanguage();
  const title = item.title ?? t("transfer.untitled");
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1 text-sm">
        <bdi className="block w-fit max-w-full truncate font-medium">{title}</bdi>
        <p className="text-muted">
          {item.erased_at
            ? t("deleted.erased", { time: dateTime(item.erased_at, language) })
            : t("deleted.when", { time: dateTime(item.deleted_at, language) })}
        </p>
      </div>
      <Button small disabled={busy} aria-label={t("deleted.restoreOne", { title })} onClick={onRestore}>
        {t("deleted.restore")}
      </Button>
    </li>
  );
}
