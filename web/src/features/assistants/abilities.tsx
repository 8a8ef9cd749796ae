"use client";

import useSWR from "swr";
import { COLLECTIONS, collections } from "@/lib/api/knowledge";
import { TOOLS, tools } from "@/lib/api/tools";
import { useT } from "@/lib/i18n";
import type { Approval, Choices } from "./form";

export interface AbilitiesProps {
  readonly choices: Choices;
  readonly onChange: (part: Partial<Choices>) => void;
}

const RULES = ["", "writes", "always"] as const;
const toggled = (list: readonly string[], item: string): string[] =>
  list.includes(item) ? list.filter((each) => each !== item) : [...list, item];

/** What it may use besides its model: tools, with a rule for each server, and documents. */
export function Abilities({ choices, onChange }: AbilitiesProps) {
  const t = useT();
  const { data: servers } = useSWR(TOOLS, tools);
  const { data: known } = useSWR(COLLECTIONS, collections);
  const items = servers?.items ?? [];
  const usual = items.filter((server) => server.usual).map(({ name }) => name);
  const { tools: on, approvals, collections: chosen } = choices;
  return (
    <>
      {items.length > 0 && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-sm font-medium">{t("assistants.tools")}</legend>
          <Box
            label={t("assistants.usualTools")}
            checked={on === null}
            onChange={() => onChange({ tools: on === null ? usual : null })}
          />
          {on !== null &&
            items.map(({ name, title }) => (
              <div key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 ps-7">
                <Box
                  label={title}
                  checked={on.includes(name)}
                  onChange={() => onChange({ tools: toggled(on, name) })}
                />
                {on.includes(name) && (
                  <select
                    aria-label={t("assistants.rule", { server: title })}
                    value={approvals[name] ?? ""}
                    onChange={(event) => onChange({ approvals: ruled(approvals, name, event.target.value) })}
                    className="h-9 rounded-lg border border-line bg-raised px-2 text-sm pointer-coarse:h-11"
                  >
                    {RULES.map((rule) => (
                      <option key={rule} value={rule}>
                        {t(`assistants.rule.${rule === "" ? "server" : rule}`)}
                      </option>
                    ))}
                  </select>
                )}
              </div>
            ))}
        </fieldset>
      )}
      {known && known.length > 0 && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-sm font-medium">{t("assistants.documents")}</legend>
          {known.map(({ id, name }) => (
            <Box
              key={id}
              label={name}
              checked={chosen.includes(id)}
              onChange={() => onChange({ collections: toggled(chosen, id) })}
            />
          ))}
          <p className="text-sm text-muted">{t("assistants.documentsAbout")}</p>
        </fieldset>
      )}
    </>
  );
}

function ruled(before: Choices["approvals"], server: string, rule: string): Record<string, Approval> {
  const others = Object.entries(before).filter(([name]) => name !== server);
  return Object.fromEntries(rule === "" ? others : [...others, [server, rule as Approval]]);
}

interface BoxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: () => void;
}

function Box({ label, checked, onChange }: BoxProps) {
  return (
    <label className="flex min-h-6 items-center gap-3 text-sm">
      <input type="checkbox" checked={checked} onChange={onChange} className="size-4 shrink-0 accent-(--accent)" />
      <bdi className="truncate">{label}</bdi>
    </label>
  );
}
