"use client";

import { RefreshCw, SlidersHorizontal, Trash2 } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import * as tools from "@/lib/api/tools";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toasts";
import { Chip, States } from "../states";
import { ToolDialog } from "./tool-dialog";
import { ToolList } from "./tool-list";

/** The MCP servers whose tools answers may use: add, check, correct, remove. */
export function Tools() {
  const t = useT();
  const { data, error, mutate } = useSWR(tools.SERVERS, tools.servers);
  const [open, setOpen] = useState<string | null>(null);
  const chosen = data?.find(({ name }) => name === open) ?? null;
  return (
    <section aria-label={t("admin.tools")}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted">{t("admin.tools.lead")}</p>
        <Button look="primary" onClick={() => setOpen("")}>
          {t("admin.tools.add")}
        </Button>
      </div>
      <States items={data} error={error} empty={t("admin.tools.none")} onRetry={() => void mutate()}>
        {(servers) => (
          <ul className="divide-y divide-line border-y border-line">
            {servers.map((server) => (
              <Server key={server.name} server={server} onChange={() => mutate()} onOpen={() => setOpen(server.name)} />
            ))}
          </ul>
        )}
      </States>
      {open !== null && <ToolDialog server={chosen} onSaved={() => void mutate()} onClose={() => setOpen(null)} />}
    </section>
  );
}

interface ServerProps {
  readonly server: tools.ManagedServer;
  readonly onChange: () => Promise<unknown>;
  readonly onOpen: () => void;
}

function Server({ server, onChange, onOpen }: ServerProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    await work().catch((error) => toast(wordsFor(error, t), { tone: "danger" }));
    await onChange();
    setBusy(false);
  };
  const title = server.title || server.name;
  return (
    <li className="py-3">
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-2">
            <bdi className="truncate font-medium">{title}</bdi>
            <Chip tone={server.audience === "everyone" ? "good" : "plain"}>
              {t(`admin.audience.${server.audience}`)}
            </Chip>
            {server.problem && <Chip tone="bad">{t("admin.tools.broken")}</Chip>}
          </p>
          <bdi className="block w-fit max-w-full truncate text-sm text-muted">
            {server.kind === "http" ? server.url : t(`admin.tools.kind.${server.kind}`)}
          </bdi>
        </div>
        <IconButton
          icon={RefreshCw}
          label={t("admin.tools.check", { server: title })}
          disabled={busy}
          onClick={() => void attempt(() => tools.checkServer(server.name))}
        />
        {server.kind === "http" && (
          <>
            <IconButton icon={SlidersHorizontal} label={t("admin.tools.change", { server: title })} onClick={onOpen} />
            <IconButton
              icon={Trash2}
              label={t("admin.tools.remove", { server: title })}
              disabled={busy}
              onClick={() => void attempt(() => tools.removeServer(server.name))}
            />
          </>
        )}
      </div>
      {server.problem && (
        <p role="status" className="mt-1 text-sm text-danger">
          {server.problem.message}
        </p>
      )}
      <ToolList server={server} onChange={onChange} />
    </li>
  );
}
