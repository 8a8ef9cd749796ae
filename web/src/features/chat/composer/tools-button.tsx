"use client";

import { Wrench } from "lucide-react";
import useSWR from "swr";
import * as api from "@/lib/api";
import { TOOLS, tools } from "@/lib/api/tools";
import { patchShown, showConversation } from "@/lib/data";
import { type Key, type Translate, translate, useT } from "@/lib/i18n";
import { chooseForNewChat, useNewChat } from "@/lib/new-chat";
import { wordsFor } from "@/lib/words";
import { Menu } from "@/ui/menu";
import { toast } from "@/ui/toasts";

export interface ToolsButtonProps {
  readonly id: string | null;
  readonly conversation: api.Conversation | undefined;
}

/** Which servers' tools the answers of a conversation may use. Not there where there are none. */
export function ToolsButton({ id, conversation }: ToolsButtonProps) {
  const t = useT();
  const { data } = useSWR(TOOLS, tools, {
    revalidateOnFocus: false,
    shouldRetryOnError: false,
    dedupingInterval: 60_000,
  });
  const fresh = useNewChat((state) => state.settings);
  if (!data || data.length === 0) return null;
  const settings = id === null ? fresh : conversation?.settings;
  const on = new Set(settings?.tools ?? data.filter(({ usual }) => usual).map(({ name }) => name));
  const toggle = (name: string) => {
    const wanted = data.map((server) => server.name).filter((each) => (each === name) !== on.has(each));
    change(id, { ...settings, tools: wanted });
  };
  const used = data.filter(({ name }) => on.has(name)).length;
  return (
    <Menu
      label={t("tools.title")}
      header={<p className="px-3 py-2 text-sm text-muted">{t("tools.about")}</p>}
      items={data.map((server) => ({
        label: server.working ? named(server, t) : `${named(server, t)} (${t("tools.down")})`,
        icon: Wrench,
        checked: on.has(server.name),
        many: true,
        onSelect: () => toggle(server.name),
      }))}
      trigger={(props) => (
        <button
          type="button"
          aria-label={`${t("tools.title")}: ${used}`}
          title={t("tools.title")}
          className="relative inline-flex size-11 shrink-0 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink"
          {...props}
        >
          <Wrench aria-hidden className="size-5" />
          {used > 0 && (
            <span
              aria-hidden
              className="absolute inset-e-1 top-1 flex size-4 items-center justify-center rounded-full bg-accent text-[0.65rem] text-on-accent"
            >
              {used}
            </span>
          )}
        </button>
      )}
    />
  );
}

const BUILT_IN: Readonly<Record<string, Key>> = { web: "tools.web" };

function named({ kind, name, title }: api.ToolServer, t: Translate): string {
  const known = kind === "built_in" ? BUILT_IN[name] : undefined;
  return known ? t(known) : title || name;
}

function change(id: string | null, settings: api.Settings): void {
  if (id === null) return chooseForNewChat({ settings });
  patchShown(id, { settings });
  api
    .changeConversation(id, { settings })
    .then(showConversation, (error) => toast(wordsFor(error, translate), { tone: "danger" }));
}
