"use client";

import { Check, ChevronDown } from "lucide-react";
import { useId, useMemo, useState } from "react";
import type { Model } from "@/lib/api";
import { useModels } from "@/lib/data";
import { contextLength } from "@/lib/format";
import { useT } from "@/lib/i18n";
import { Dialog } from "@/ui/dialog";

export interface ModelPickerProps {
  readonly chosen: string | null;
  readonly onChoose: (name: string) => void;
}

/** Shows the model and lets another be chosen, with what is loaded, cold or down. */
export function ModelPicker({ chosen, onChoose }: ModelPickerProps) {
  const t = useT();
  const { data, mutate } = useModels();
  const [open, setOpen] = useState(false);
  const models = data?.items ?? [];
  const name = chosen ?? models[0]?.name ?? t("models.none");
  const known = models.find((model) => model.name === name);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => {
          setOpen(true);
          void mutate();
        }}
        className="flex h-10 min-w-0 items-center gap-2 rounded-lg px-3 font-medium hover:bg-hover"
      >
        <span className="sr-only">{t("models.label")}</span>
        {known && <Light state={known.state} />}
        <bdi className="truncate">{name}</bdi>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </button>
      {open && (
        <Dialog title={t("models.title")} closeLabel={t("close")} shape="bare" onClose={() => setOpen(false)}>
          <Choice
            models={models}
            hint={data?.hint?.text ?? null}
            chosen={name}
            onChoose={(model) => {
              setOpen(false);
              onChoose(model);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly models: readonly Model[];
  readonly hint: string | null;
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

function Choice({ models, hint, chosen, onChoose }: ChoiceProps) {
  const t = useT();
  const id = useId();
  const [query, setQuery] = useState("");
  const found = useMemo(
    () => models.filter((model) => model.name.toLowerCase().includes(query.trim().toLowerCase())),
    [models, query],
  );
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      models.findIndex((model) => model.name === chosen),
    ),
  );
  const active = found[Math.min(at, found.length - 1)];
  return (
    <div className="p-2">
      <input
        // biome-ignore lint/a11y/noAutofocus: the dialog opens to be typed in
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={active ? `${id}-${found.indexOf(active)}` : undefined}
        aria-label={t("models.search")}
        placeholder={t("models.search")}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (event.key === "Enter" && active) onChoose(active.name);
          else return;
          event.preventDefault();
        }}
        className="h-11 w-full rounded-xl bg-transparent px-3 outline-none"
      />
      <div id={`${id}-list`} role="listbox" aria-label={t("models.title")} className="border-t border-line pt-2">
        {found.map((model, index) => (
          <Row
            key={`${model.pool}/${model.name}`}
            id={`${id}-${index}`}
            model={model}
            active={model === active}
            chosen={model.name === chosen}
            onChoose={() => onChoose(model.name)}
          />
        ))}
        {found.length === 0 && <p className="px-3 py-6 text-center text-muted">{t("models.nothing")}</p>}
      </div>
      {hint && <p className="mt-2 rounded-xl bg-warn-soft px-3 py-2 text-sm text-warn">{hint}</p>}
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly model: Model;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Row({ id, model, active, chosen, onChoose }: RowProps) {
  const t = useT();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the box above keeps the focus
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      onClick={onChoose}
      className={`flex cursor-pointer items-center gap-3 rounded-xl px-3 py-2.5 hover:bg-hover ${active ? "bg-hover" : ""}`}
    >
      <Light state={model.state} />
      <span className="min-w-0 flex-1">
        <bdi className="block truncate font-medium">{model.display_name ?? model.name}</bdi>
        <span className="block truncate text-sm text-muted">
          {[
            model.engine,
            model.context_length ? t("models.context", { length: contextLength(model.context_length) }) : null,
            ...model.capabilities,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span className="text-xs text-muted">{t(`models.${model.state}`)}</span>
      <Check aria-hidden className={`size-4 text-accent ${chosen ? "" : "invisible"}`} />
    </div>
  );
}

const LIGHTS = {
  loaded: "bg-accent",
  loading: "bg-warn animate-breathe",
  cold: "border-2 border-line-strong",
  down: "bg-danger",
} as const;

function Light({ state }: { readonly state: Model["state"] }) {
  const t = useT();
  return (
    <span role="img" aria-label={t(`models.${state}`)} className={`size-2.5 shrink-0 rounded-full ${LIGHTS[state]}`} />
  );
}
