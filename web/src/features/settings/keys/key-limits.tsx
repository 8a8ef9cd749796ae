"use client";

import { count } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { TextField } from "@/ui/field";
import { type KeyDraft, LIMITS, type Limit, type Wrong } from "./key-form";

interface KeyLimitsProps {
  readonly draft: KeyDraft;
  readonly wrong: Wrong;
  readonly onChange: (part: Partial<KeyDraft>) => void;
}

/** What a key may take by itself. */
export function KeyLimits({ draft, wrong, onChange }: KeyLimitsProps) {
  const t = useT();
  return (
    <fieldset className="flex flex-col gap-4 border-t border-line pt-4">
      <legend className="sr-only">{t("keys.limits")}</legend>
      <p className="text-sm text-muted">{t("keys.limitsAbout")}</p>
      <div className="grid items-start gap-4 sm:grid-cols-3">
        {(Object.keys(LIMITS) as Limit[]).map((name) => (
          <LimitField
            key={name}
            name={name}
            value={draft[name]}
            wrong={wrong[name] === true}
            onChange={(value) => onChange({ [name]: value })}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface LimitFieldProps {
  readonly name: Limit;
  readonly value: string;
  readonly wrong: boolean;
  readonly onChange: (value: string) => void;
}

function LimitField({ name, value, wrong, onChange }: LimitFieldProps) {
  const t = useT();
  const language = useLanguage();
  const [least, most] = LIMITS[name];
  const bounds =
    least === 0 ? t("keys.wholeOrNone") : t("keys.whole", { from: count(least, language), to: count(most, language) });
  return (
    <TextField
      label={t(`keys.limit.${name}`)}
      error={wrong ? bounds : null}
      inputMode="numeric"
      placeholder={t("keys.none")}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
