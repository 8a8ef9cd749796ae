"use client";

import { ArrowDown, ArrowUp, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import * as admin from "@/lib/api/admin";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toasts";
import { Chip, States } from "../states";
import { ModelDialog } from "./model-dialog";
import { Pulls } from "./pulls";

/** What the engines offer, and what is said of it: who sees it, under which name, in which order. */
export function Models() {
  const t = useT();
  const { data, error, mutate } = useSWR(admin.MODELS, admin.models, { refreshInterval: 10_000 });
  const [open, setOpen] = useState<string | null>(null);
  const chosen = data?.find((model) => model.name === open);
  const move = async (from: number, by: -1 | 1) => {
    const items = [...(data ?? [])];
    const [moved] = items.splice(from, 1);
    if (!moved) return;
    items.splice(from + by, 0, moved);
    try {
      await mutate(
        async () => {
          await admin.orderModels(items.map((model) => model.name));
          return admin.models();
        },
        { optimisticData: items },
      );
      toast(t("admin.models.moved", { model: moved.display_name || moved.offered_name, place: from + by + 1 }));
    } catch (fault) {
      toast(wordsFor(fault, t), { tone: "danger" });
    }
  };
  return (
    <section aria-label={t("admin.models")}>
      <p className="mb-4 text-sm text-muted">{t("admin.models.about")}</p>
      {data && (
        <Pulls
          none={data.every((model) => model.pools.every((pool) => pool === "demo"))}
          onDone={() => void mutate()}
        />
      )}
      <States items={data} error={error} empty={t("admin.models.none")} onRetry={() => void mutate()}>
        {(models) => (
          <ol className="divide-y divide-line border-y border-line">
            {models.map((model, index) => (
              <li key={model.name} className="flex items-center gap-2 py-3">
                <div className="min-w-0 flex-1">
                  <Named model={model} />
                </div>
                <IconButton
                  icon={ArrowUp}
                  label={t("admin.models.up", { model: model.name })}
                  disabled={index === 0}
                  onClick={() => void move(index, -1)}
                />
                <IconButton
                  icon={ArrowDown}
                  label={t("admin.models.down", { model: model.name })}
                  disabled={index === models.length - 1}
                  onClick={() => void move(index, 1)}
                />
                <IconButton
                  icon={SlidersHorizontal}
                  label={t("admin.models.change", { model: model.name })}
                  onClick={() => setOpen(model.name)}
                />
              </li>
            ))}
          </ol>
        )}
      </States>
      {chosen && <ModelDialog model={chosen} onSaved={() => void mutate()} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Named({ model }: { readonly model: admin.ManagedModel }) {
  const t = useT();
  const shown = model.display_name || model.offered_name;
  const hidden = model.audience !== "everyone";
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <bdi className="truncate font-medium">{shown}</bdi>
        <Chip tone={hidden ? "plain" : "good"}>
          {t(`admin.audience.${model.audience}`)}
          {model.audience === "chosen" && ` (${model.people.length + model.groups.length})`}
        </Chip>
        {model.state === null || model.state === "down" ? (
          <Chip tone="bad">{t(model.state === null ? "admin.models.gone" : "admin.state.down")}</Chip>
        ) : (
          <Chip>{t(`admin.state.${model.state}`)}</Chip>
        )}
      </p>
      <bdi className="block w-fit max-w-full truncate text-sm text-muted">
        {[...(shown === model.name ? [] : [model.name]), ...model.pools].join(" · ")}
      </bdi>
    </>
  );
}
