"use client";

import { type FormEvent, useState } from "react";
import { makeKey } from "@/lib/api/keys";
import { useMe } from "@/lib/data";
import { count } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { Once } from "@/ui/once";
import { Select } from "@/ui/select";
import { type KeyDraft, keyOf, LIMITS, type Limit, NEW_KEY } from "./key-form";

interface KeyDialogProps {
  readonly onMade: () => void;
  readonly onClose: () => void;
}

const DAYS = ["30", "90", "365", ""] as const;

/** Makes a key and shows it this once. */
export function KeyDialog({ onMade, onClose }: KeyDialogProps) {
  const t = useT();
  const [draft, setDraft] = useState(NEW_KEY);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const { key, wrong } = keyOf(draft);
  const set = (part: Partial<KeyDraft>) => setDraft({ ...draft, ...part });
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length > 0) {
      const form = event.currentTarget;
      requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid]")?.focus());
      return;
    }
    setBusy(true);
    try {
      setMade((await makeKey(key)).key);
      onMade();
    } catch (error) {
      setFault(wordsFor(error, t));
    }
    setBusy(false);
  };
  return (
    <Dialog title={t("keys.new")} closeLabel={t("close")} onClose={onClose}>
      {made === null ? (
        <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
          <TextField
            label={t("keys.name")}
            hint={t("keys.nameHint")}
            error={tried && wrong.name ? t("keys.nameMissing") : null}
            value={draft.name}
            maxLength={100}
            autoComplete="off"
            autoFocus
            onChange={(event) => set({ name: event.target.value })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <May value={draft.may} onChange={(may) => set({ may })} />
            <Select label={t("keys.days")} value={draft.days} onChange={(days) => set({ days })}>
              {DAYS.map((days) => (
                <option key={days} value={days}>
                  {days === "" ? t("keys.forever") : t("keys.dayCount", { count: Number(days) })}
                </option>
              ))}
            </Select>
          </div>
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
                  onChange={(value) => set({ [name]: value })}
                />
              ))}
            </div>
          </fieldset>
          <FormEnd fault={fault} label={t("keys.make")} busy={busy} onCancel={onClose} />
        </form>
      ) : (
        <Once label={t("keys.made")} text={made} about={t("keys.once")} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface MayProps {
  readonly value: KeyDraft["may"];
  readonly onChange: (may: KeyDraft["may"]) => void;
}

/** What the key opens; administrators may let it administer. */
function May({ value, onChange }: MayProps) {
  const t = useT();
  const { data: me } = useMe();
  const all = me?.role === "admin" ? (["chat", "read", "admin"] as const) : (["chat", "read"] as const);
  return (
    <Select label={t("keys.may")} value={value} onChange={(may) => onChange(may as KeyDraft["may"])}>
      {all.map((each) => (
        <option key={each} value={each}>
          {t(`keys.may.${each}`)}
        </option>
      ))}
    </Select>
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
