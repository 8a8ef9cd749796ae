"use client";

import { Brain } from "lucide-react";
import { useModels } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { useNewChat } from "@/lib/new-chat";
import { Menu } from "@/ui/menu";
import { change, type OfConversation } from "./settings";
import { useModel } from "./use-model";

/** How much the model is to think before it answers. Only there where the model can be told. */
export function EffortButton({ id, conversation }: OfConversation) {
  const t = useT();
  const [model] = useModel(id, conversation);
  const { data: models } = useModels();
  const fresh = useNewChat((state) => state.settings);
  const known = model === null ? models?.items[0] : models?.items.find(({ name }) => name === model);
  const efforts = known?.efforts ?? [];
  if (efforts.length === 0) return null;
  const settings = id === null ? fresh : conversation?.settings;
  const chosen = efforts.find((effort) => effort === settings?.effort) ?? null;
  const choices = [null, ...efforts].map((effort) => ({
    label: t(`effort.${effort ?? "usual"}`),
    checked: effort === chosen,
    onSelect: () => {
      const { effort: _, ...others } = settings ?? {};
      change(id, effort === null ? others : { ...others, effort });
    },
  }));
  const said = t(`effort.${chosen ?? "usual"}`);
  return (
    <Menu
      label={t("effort.title")}
      header={<p className="px-3 py-2 text-sm text-muted">{t("effort.about")}</p>}
      items={choices}
      trigger={(props) => (
        <button
          type="button"
          aria-label={`${t("effort.title")}: ${said}`}
          data-tip={`${t("effort.title")}: ${said}`}
          className={`inline-flex h-11 min-w-11 shrink-0 items-center justify-center gap-1.5 rounded-full hover:bg-hover hover:text-ink ${chosen === null ? "text-muted" : "bg-hover text-ink sm:px-3"}`}
          {...props}
        >
          <Brain aria-hidden className="size-5" />
          {chosen !== null && <span className="hidden text-sm sm:inline">{said}</span>}
        </button>
      )}
    />
  );
}
