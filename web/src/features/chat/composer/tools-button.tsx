"use client";

import { FilePlus, Wrench } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import type * as api from "@/lib/api";
import { TOOLS, tools } from "@/lib/api/tools";
import { useModels } from "@/lib/data";
import { fetched } from "@/lib/fetched";
import { type Key, type Translate, useT } from "@/lib/i18n";
import { useNewChat } from "@/lib/new-chat";
import { Menu } from "@/ui/menu";
import type { ResourcesDialogProps } from "./resources/resources-dialog";
import { change, type OfConversation } from "./settings";
import { useModel } from "./use-model";
import { UsedButton } from "./used-button";

const ResourcesDialog = fetched<ResourcesDialogProps>(() =>
  import("./resources/resources-dialog").then((module) => module.ResourcesDialog),
);

/** Which servers' tools the answers of a conversation may use, and what they have to attach. Not there where there is neither. */
export function ToolsButton({ id, conversation, chat }: OfConversation) {
  const t = useT();
  const [attaching, setAttaching] = useState(false);
  const { data: known } = useSWR(TOOLS, tools, {
    revalidateOnFocus: false,
    shouldRetryOnError: false,
    dedupingInterval: 60_000,
  });
  const data = known?.items;
  const fresh = useNewChat((state) => state.settings);
  const able = useCallsTools(id, conversation);
  const withResources = known?.resources ?? false;
  if (!data || (data.length === 0 && !withResources)) return null;
  const settings = id === null ? fresh : conversation?.settings;
  const on = new Set(settings?.tools ?? data.filter(({ usual }) => usual).map(({ name }) => name));
  const toggle = (name: string) => {
    const wanted = data.map((server) => server.name).filter((each) => (each === name) !== on.has(each));
    change(id, { ...settings, tools: wanted });
  };
  const used = data.filter(({ name }) => on.has(name)).length;
  const servers = data.map((server) => ({
    label: server.working ? named(server, t) : `${named(server, t)} (${t("tools.down")})`,
    icon: Wrench,
    checked: on.has(server.name),
    many: true,
    disabled: !able,
    onSelect: () => toggle(server.name),
  }));
  const attach = { label: t("resources.open"), icon: FilePlus, onSelect: () => setAttaching(true) };
  return (
    <>
      <Menu
        label={t("tools.title")}
        header={<p className="px-3 py-2 text-sm text-muted">{t(able ? "tools.about" : "tools.unable")}</p>}
        items={withResources ? [...servers, "line", attach] : servers}
        trigger={(props) => <UsedButton icon={Wrench} label={t("tools.title")} used={able ? used : 0} {...props} />}
      />
      {attaching && <ResourcesDialog chat={chat} onClose={() => setAttaching(false)} />}
    </>
  );
}

/** Whether the model of the conversation can call tools; where that is not known, it may be tried. */
function useCallsTools(id: string | null, conversation: api.Conversation | undefined): boolean {
  const [model] = useModel(id, conversation);
  const { data: models } = useModels();
  const known = model === null ? models?.items[0] : models?.items.find(({ name }) => name === model);
  return known?.calls_tools ?? true;
}

const BUILT_IN: Readonly<Record<string, Key>> = { web: "tools.web" };

function named({ kind, name, title }: api.ToolServer, t: Translate): string {
  const known = kind === "built_in" ? BUILT_IN[name] : undefined;
  return known ? t(known) : title || name;
}
