"use client";

import { Combobox } from "@base-ui/react/combobox";
import { Check } from "lucide-react";
import type { RefObject } from "react";
import type { Model } from "@/lib/api";
import { contextLength } from "@/lib/format";
import { useT } from "@/lib/i18n";
import { OVERLAY } from "@/lib/overlay";
import { ModelLight } from "./model-light";

export interface ModelChoiceProps {
  readonly open: boolean;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly models: readonly Model[];
  readonly hint: string | null;
  readonly chosen: Model | null;
  readonly onChoose: (model: Model) => void;
  readonly onClose: () => void;
}

const nameOf = (model: Model): string => model.display_name ?? model.name;
const keyOf = (model: Model): string => `${model.pool}/${model.name}`;
const same = (one: Model, other: Model): boolean => keyOf(one) === keyOf(other);
const fits = (model: Model, query: string): boolean =>
  `${nameOf(model)} ${model.name}`.toLowerCase().includes(query.trim().toLowerCase());

/** The models under their button, with a box to search in. */
export function ModelChoice({ open, button, models, hint, chosen, onChoose, onClose }: ModelChoiceProps) {
  const t = useT();
  return (
    <Combobox.Root
      items={models}
      open={open}
      onOpenChange={(now, details) => {
        // A press on the button is the button's own to answer.
        if (button.current?.contains(details.event.target as Node | null)) details.cancel();
        else if (!now) onClose();
      }}
      value={chosen}
      onValueChange={(model) => model !== null && onChoose(model)}
      isItemEqualToValue={same}
      itemToStringLabel={nameOf}
      filter={fits}
      autoHighlight
    >
      <Combobox.Portal>
        <Combobox.Positioner anchor={button} align="start" sideOffset={6} collisionPadding={8} className="z-50">
          <Combobox.Popup
            aria-label={t("models.title")}
            finalFocus={button}
            className="flex max-h-[min(30rem,var(--available-height))] w-[min(26rem,calc(100vw-1rem))] animate-rise flex-col rounded-2xl border border-line bg-raised p-2 shadow-float outline-none"
            {...OVERLAY}
          >
            <Combobox.Input
              aria-label={t("models.search")}
              placeholder={t("models.search")}
              className="h-11 w-full shrink-0 rounded-xl bg-transparent px-3 outline-none"
            />
            <Combobox.Empty className="px-3 py-6 text-center text-muted empty:hidden">
              {t("models.nothing")}
            </Combobox.Empty>
            <Combobox.List
              aria-label={t("models.title")}
              className="min-h-0 overflow-y-auto border-t border-line pt-2 empty:hidden"
            >
              {(model: Model) => <Row key={keyOf(model)} model={model} />}
            </Combobox.List>
            {hint && <p className="mt-2 rounded-xl bg-warn-soft px-3 py-2 text-sm text-warn">{hint}</p>}
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

function Row({ model }: { readonly model: Model }) {
  const t = useT();
  return (
    <Combobox.Item
      value={model}
      className="group/model flex cursor-pointer items-center gap-3 rounded-xl px-3 py-2.5 outline-none data-highlighted:bg-hover"
    >
      <ModelLight state={model.state} />
      <span className="min-w-0 flex-1">
        <bdi className="block truncate font-medium">{nameOf(model)}</bdi>
        <span className="block truncate text-sm text-muted">
          {[
            model.engine,
            model.context_length ? t("models.context", { length: contextLength(model.context_length) }) : null,
            ...model.capabilities.filter((each) => each !== "tools"),
            model.calls_tools ? null : t("models.noTools"),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span className="text-xs text-muted">{t(`models.${model.state}`)}</span>
      <Check aria-hidden className="size-4 text-accent not-group-data-selected/model:invisible" />
    </Combobox.Item>
  );
}
