"use client";

import { Plug } from "lucide-react";
import { useEffect, useState } from "react";
import useSWR from "swr";
import * as tools from "@/lib/api/tools";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { backOf } from "./returned";

/** The person's connections to servers that want to know who asks: what each may do, connect, disconnect. */
export function Connections() {
  const t = useT();
  const { data, error, mutate } = useSWR(tools.CONNECTIONS, tools.connections);
  const [busy, setBusy] = useState(false);
  const during = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (failure) {
      toast(wordsFor(failure, t), { tone: "danger" });
    } finally {
      setBusy(false);
      await mutate();
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a code is good for one use, only what the page was opened with counts
  useEffect(() => {
    const back = backOf(location.search);
    if (back === null) return;
    go("/account/connections", { replace: true });
    if ("refused" in back) return toast(t("connections.refused"), { tone: "danger" });
    void during(async () => {
      const { title } = await tools.returned(back);
      toast(t("connections.made", { server: title }));
    });
  }, []);
  if (data === undefined && error)
    return (
      <div role="alert" className="flex flex-col items-start gap-3 text-sm">
        {wordsFor(error, t)}
        <Button small onClick={() => void mutate()}>
          {t("tryAgain")}
        </Button>
      </div>
    );
  if (data === undefined) return <Skeleton lines={2} label={t("loading")} />;
  if (data.length === 0) return <p className="text-sm text-muted">{t("connections.none")}</p>;
  return (
    <ul aria-label={t("connections.title")} className="divide-y divide-line rounded-xl border border-line bg-raised">
      {data.map((each) => (
        <Row
          key={each.name}
          connection={each}
          busy={busy}
          onConnect={() => void during(() => tools.connect(each.name))}
          onDisconnect={() =>
            void during(async () => {
              await tools.disconnect(each.name);
              toast(t("connections.ended", { server: each.title }));
            })
          }
        />
      ))}
    </ul>
  );
}

interface RowProps {
  readonly connection: tools.Connection;
  readonly busy: boolean;
  readonly onConnect: () => void;
  readonly onDisconnect: () => void;
}

function Row({ connection, busy, onConnect, onDisconnect }: RowProps) {
  const t = useT();
  const language = useLanguage();
  const { title, url, connected, scope, problem, connected_at } = connection;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Plug aria-hidden className="size-5 shrink-0 text-muted" strokeWidth={1.75} />
      <div className="min-w-0 flex-1 text-sm">
        <p className="truncate font-medium">
          <bdi>{title}</bdi>
        </p>
        <p className="truncate text-muted">
          <bdi>{url}</bdi>
        </p>
        {connected && (
          <p className="text-muted wrap-anywhere">
            {t("connections.since", { date: connected_at === null ? "" : dateTime(connected_at, language) })}
            {scope !== "" && ` · ${t("connections.may", { scope })}`}
          </p>
        )}
        {!connected && problem && <p className="text-danger">{problem.message}</p>}
      </div>
      {connected ? (
        <Button small disabled={busy} aria-label={t("connections.endOne", { server: title })} onClick={onDisconnect}>
          {t("connections.end")}
        </Button>
      ) : (
        <Button
          small
          look="primary"
          disabled={busy}
          aria-label={t("connections.connectOne", { server: title })}
          onClick={onConnect}
        >
          {t("connections.connect")}
        </Button>
      )}
    </li>
  );
}
