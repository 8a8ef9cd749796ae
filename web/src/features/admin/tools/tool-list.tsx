"use client";

import { ChevronRight } from "lucide-react";
import * as tools from "@/lib/api/tools";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { toast } from "@/ui/toasts";

const EFFECTS = ["read", "idempotent", "write"] as const;
const RULES = ["writes", "always", "never"] as const;
const SELECT = "h-9 rounded-lg border border-line bg-raised px-2 text-sm pointer-coarse:h-11";

export interface ToolListProps {
  readonly server: tools.ManagedServer;
  readonly onChange: () => Promise<unknown>;
}

/** The tools of a server: what each does, by its own word or an administrator's, and when it asks. */
export function ToolList({ server, onChange }: ToolListProps) {
  const t = useT();
  if (server.tools.length === 0) return null;
  return (
    <details className="group/tools mt-1 text-sm">
      <summary className="inline-flex list-none items-center gap-1 rounded-lg py-1 pe-2 text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open/tools:rotate-90 rtl:-scale-x-100" />
        {t("admin.tools.count", { count: server.tools.length })}
      </summary>
      <ul className="mt-1 flex flex-col divide-y divide-line ps-5">
        {server.tools.map((tool) => (
          <Tool key={tool.name} server={server.name} tool={tool} onChange={onChange} />
        ))}
      </ul>
    </details>
  );
}

interface ToolProps {
  readonly server: string;
  readonly tool: tools.ManagedTool;
  readonly onChange: () => Promise<unknown>;
}

function Tool({ server, tool, onChange }: ToolProps) {
  const t = useT();
  const correct = (part: Partial<tools.Correction>) => {
    const { name, own_effect, approval, enabled } = tool;
    tools
      .correctTool(server, { name, own_effect, approval, enabled, ...part })
      .catch((error) => toast(wordsFor(error, t), { tone: "danger" }))
      .finally(() => void onChange());
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2">
      <label className="flex min-w-48 flex-1 items-start gap-2">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-accent"
          checked={tool.enabled}
          onChange={(event) => correct({ enabled: event.target.checked })}
        />
        <span className="min-w-0">
          <bdi className="block truncate font-medium">{tool.title || tool.name}</bdi>
          <span className="line-clamp-2 text-muted">{tool.description}</span>
        </span>
      </label>
      <select
        aria-label={t("admin.tools.effect", { tool: tool.name })}
        className={SELECT}
        value={tool.own_effect ?? ""}
        onChange={(event) => correct({ own_effect: (event.target.value || null) as tools.ManagedTool["own_effect"] })}
      >
        <option value="">{t("admin.tools.says", { effect: t(`step.effect.${tool.effect}`) })}</option>
        {EFFECTS.map((effect) => (
          <option key={effect} value={effect}>
            {t(`step.effect.${effect}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t("admin.tools.rule", { tool: tool.name })}
        className={SELECT}
        value={tool.approval ?? ""}
        onChange={(event) => correct({ approval: (event.target.value || null) as tools.ManagedTool["approval"] })}
      >
        <option value="">{t("admin.tools.asServer")}</option>
        {RULES.map((rule) => (
          <option key={rule} value={rule}>
            {t(`admin.tools.ask.${rule}`)}
          </option>
        ))}
      </select>
    </li>
  );
}
