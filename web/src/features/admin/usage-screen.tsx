"use client";

import { useState } from "react";
import useSWR from "swr";
import { listPath, usageAt } from "@/lib/api/admin";
import { count } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { Plot } from "./plot";
import { States } from "./states";
import { type By, byDay, ranked, type Share, tokens, total } from "./usage";

const RANGES = [7, 30, 90] as const;

/** What answers took, over time, by person and by model. */
export function Usage() {
  const t = useT();
  const [days, setDays] = useState<number>(30);
  const [by, setBy] = useState<By>("email");
  const [chosen, setChosen] = useState<string | null>(null);
  const path = listPath("usage", { days: String(days) });
  const { data, error, mutate } = useSWR(path, usageAt, { keepPreviousData: true });
  const choose = (value: By) => {
    setBy(value);
    setChosen(null);
  };
  return (
    <section aria-label={t("admin.usage")} className="flex flex-col gap-6">
      <div className="flex flex-wrap gap-x-6 gap-y-3">
        <Choice
          label={t("admin.usage.range")}
          options={RANGES.map((number) => [String(number), t("admin.days", { count: number })] as const)}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
        />
        <Choice
          label={t("admin.usage.by")}
          options={[["email", t("admin.usage.byUser")] as const, ["model", t("admin.usage.byModel")] as const]}
          value={by}
          onChange={(value) => choose(value as By)}
        />
      </div>
      <States items={data} error={error} empty={t("admin.usage.none")} onRetry={() => void mutate()}>
        {(items) => {
          const shown = chosen === null ? items : items.filter((spent) => spent[by] === chosen);
          return (
            <>
              <Sums amount={total(shown)} name={chosen} />
              <Plot days={byDay(shown, days, new Date())} />
              <Shares shares={ranked(items, by)} by={by} chosen={chosen} onChoose={setChosen} />
            </>
          );
        }}
      </States>
    </section>
  );
}

function Sums({ amount, name }: { readonly amount: ReturnType<typeof total>; readonly name: string | null }) {
  const t = useT();
  const language = useLanguage();
  const facts = [
    [t("admin.usage.answers"), amount.answers],
    [t("admin.usage.prompt"), amount.prompt],
    [t("admin.usage.completion"), amount.completion],
  ] as const;
  return (
    <dl aria-label={name ?? t("admin.usage.all")} className="grid grid-cols-2 gap-3 sm:grid-cols-3">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt className="text-sm text-muted">{label}</dt>
          <dd className="font-serif text-2xl tabular-nums">{count(value, language)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface SharesProps {
  readonly shares: readonly Share[];
  readonly by: By;
  readonly chosen: string | null;
  readonly onChoose: (name: string | null) => void;
}

/** A bar for each: a press shows one alone over time. */
function Shares({ shares, by, chosen, onChoose }: SharesProps) {
  const t = useT();
  const language = useLanguage();
  const most = Math.max(1, ...shares.map(tokens));
  return (
    <div>
      <h2 className="font-serif text-xl">{t(by === "email" ? "admin.usage.byUser" : "admin.usage.byModel")}</h2>
      <p className="mt-1 mb-3 text-sm text-muted">{t("admin.usage.press")}</p>
      <ul className="flex flex-col gap-1">
        {shares.slice(0, 50).map((share) => (
          <li key={share.name}>
            <button
              type="button"
              aria-pressed={share.name === chosen}
              onClick={() => onChoose(share.name === chosen ? null : share.name)}
              className="w-full rounded-lg px-2 py-1.5 text-start hover:bg-hover aria-pressed:bg-accent-soft"
            >
              <span className="flex justify-between gap-4 text-sm">
                <bdi className="truncate">{share.name}</bdi>
                <span className="whitespace-nowrap text-muted tabular-nums">
                  {t("admin.usage.tokens", { count: tokens(share) })}
                  {" · "}
                  {count(share.answers, language)}
                </span>
              </span>
              <span aria-hidden className="mt-1 block h-1.5 rounded-full bg-sunken">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ inlineSize: `${Math.max(1, (100 * tokens(share)) / most)}%` }}
                />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly (readonly [string, string])[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, options, value, onChange }: ChoiceProps) {
  return (
    <fieldset className="flex rounded-lg border border-line p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map(([key, words]) => (
        <button
          key={key}
          type="button"
          aria-pressed={key === value}
          onClick={() => onChange(key)}
          className="rounded-md px-3 py-1.5 text-sm text-muted hover:text-ink aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
        >
          {words}
        </button>
      ))}
    </fieldset>
  );
}
