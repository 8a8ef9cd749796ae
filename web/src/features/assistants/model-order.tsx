"use client";

import { useModels } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { Select } from "@/ui/select";

export interface ModelOrderProps {
  readonly chosen: readonly string[];
  readonly onChange: (models: string[]) => void;
}

const MOST = 4;

/** The model that answers, and those that do where it can't, one below the other. */
export function ModelOrder({ chosen, onChange }: ModelOrderProps) {
  const t = useT();
  const { data } = useModels();
  const known = (data?.items ?? []).filter(({ assistant }) => assistant == null);
  const names = new Map(known.map(({ name, display_name }) => [name, display_name ?? name]));
  const set = (place: number, name: string) =>
    onChange([...chosen.slice(0, place), name, ...chosen.slice(place + 1)].filter((each) => each !== ""));
  const rows = chosen.length < MOST ? [...chosen, ""] : chosen;
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="sr-only">{t("assistants.model")}</legend>
      {rows.map((name, place) => (
        <Select
          key={place}
          label={place === 0 ? t("assistants.model") : t("assistants.fallBack", { number: place })}
          value={name}
          onChange={(value) => set(place, value)}
        >
          <option value="">{t(place === 0 ? "assistants.usualModel" : "assistants.noModel")}</option>
          {[...new Set([...names.keys(), ...(name ? [name] : [])])]
            .filter((each) => each === name || !chosen.includes(each))
            .map((each) => (
              <option key={each} value={each}>
                {names.get(each) ?? each}
              </option>
            ))}
        </Select>
      ))}
    </fieldset>
  );
}
