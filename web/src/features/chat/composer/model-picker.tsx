"use client";

import { ChevronDown } from "lucide-react";
import { useRef, useState } from "react";
import { useModels } from "@/lib/data";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import type { ModelChoiceProps } from "./model-choice";
import { ModelLight } from "./model-light";

export interface ModelPickerProps {
  readonly chosen: string | null;
  readonly onChoose: (name: string) => void;
}

const Choice = fetched<ModelChoiceProps>(() => import("./model-choice").then((module) => module.ModelChoice));

/** Shows the model and lets another be chosen, with what is loaded, cold or down. */
export function ModelPicker({ chosen, onChoose }: ModelPickerProps) {
  const t = useT();
  const { data, mutate } = useModels();
  const [state, setState] = useState<"never" | "closed" | "open">("never");
  const button = useRef<HTMLButtonElement>(null);
  const open = state === "open";
  const models = data?.items ?? [];
  const name = chosen ?? models[0]?.name ?? t("models.none");
  const known = models.find((model) => model.name === name);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="listbox"
        aria-expanded={open}
        onPointerEnter={Choice.prepare}
        onClick={() => {
          setState(open ? "closed" : "open");
          void mutate();
        }}
        className="flex h-10 min-w-0 items-center gap-2 rounded-lg px-3 font-medium hover:bg-hover pointer-coarse:h-11"
      >
        <span className="sr-only">{t("models.label")}</span>
        {known && <ModelLight state={known.state} />}
        <bdi className="truncate">{known?.display_name ?? name}</bdi>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </button>
      {state !== "never" && (
        <Choice
          open={open}
          button={button}
          models={models}
          hint={data?.hint?.text ?? null}
          chosen={known ?? null}
          onChoose={(model) => onChoose(model.name)}
          onClose={() => setState("closed")}
        />
      )}
    </>
  );
}
