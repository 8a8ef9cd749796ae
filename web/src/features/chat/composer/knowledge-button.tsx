"use client";

import { Library } from "lucide-react";
import useSWR from "swr";
import { COLLECTIONS, collections } from "@/lib/api/knowledge";
import { useT } from "@/lib/i18n";
import { useNewChat } from "@/lib/new-chat";
import { Menu } from "@/ui/menu";
import { change, type OfConversation } from "./settings";
import { UsedButton } from "./used-button";

/** Which collections the answers of a conversation may cite. Not there where there are none. */
export function KnowledgeButton({ id, conversation }: OfConversation) {
  const t = useT();
  const { data } = useSWR(COLLECTIONS, collections, { revalidateOnFocus: false, shouldRetryOnError: false });
  const fresh = useNewChat((state) => state.settings);
  if (!data || data.length === 0) return null;
  const settings = id === null ? fresh : conversation?.settings;
  const on = new Set(settings?.collections ?? []);
  const toggle = (chosen: string) => {
    const wanted = data.map((each) => each.id).filter((each) => (each === chosen) !== on.has(each));
    change(id, { ...settings, collections: wanted });
  };
  return (
    <Menu
      label={t("knowledge.choose")}
      header={<p className="px-3 py-2 text-sm text-muted">{t("knowledge.chooseAbout")}</p>}
      items={data.map((collection) => ({
        label: collection.name,
        icon: Library,
        checked: on.has(collection.id),
        many: true,
        onSelect: () => toggle(collection.id),
      }))}
      trigger={(props) => (
        <UsedButton
          icon={Library}
          label={t("knowledge.choose")}
          used={data.filter((each) => on.has(each.id)).length}
          {...props}
        />
      )}
    />
  );
}
