"use client";

import { useT } from "@/lib/i18n";
import { Select } from "@/ui/select";
import type { May } from "./key-form";

interface KeyMayProps {
  readonly value: May;
  readonly choices: readonly May[];
  readonly onChange: (may: May) => void;
}

/** What a key opens. */
export function KeyMay({ value, choices, onChange }: KeyMayProps) {
  const t = useT();
  return (
    <Select label={t("keys.may")} value={value} onChange={(may) => onChange(may as May)}>
      {choices.map((each) => (
        <option key={each} value={each}>
          {t(`keys.may.${each}`)}
        </option>
      ))}
    </Select>
  );
}
