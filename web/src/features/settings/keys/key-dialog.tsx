"use client";

import { useState } from "react";
import { makeKey } from "@/lib/api/keys";
import { useMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { Once } from "@/ui/once";
import { Select } from "@/ui/select";
import { DAYS, keyOf, NEW_KEY } from "./key-form";
import { KeyLimits } from "./key-limits";
import { KeyMay } from "./key-may";
import { useKeyForm } from "./use-key-form";

interface KeyDialogProps {
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Makes a key and shows it this once. */
export function KeyDialog({ onMade, onClose }: KeyDialogProps) {
  const t = useT();
  const { data: me } = useMe();
  const [made, setMade] = useState<string | null>(null);
  const { draft, set, wrong, nameFault, busy, fault, submit } = useKeyForm(NEW_KEY, keyOf, async ({ key }) => {
    setMade((await makeKey(key)).key);
    onMade();
  });
  return (
    <Dialog title={t("keys.new")} closeLabel={t("close")} onClose={onClose}>
      {made === null ? (
        <form noValidate onSubmit={submit} className="flex flex-col gap-5">
          <TextField
            label={t("keys.name")}
            hint={t("keys.nameHint")}
            error={nameFault}
            value={draft.name}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => set({ name: event.target.value })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <KeyMay
              value={draft.may}
              choices={me?.role === "admin" ? ["chat", "read", "admin"] : ["chat", "read"]}
              onChange={(may) => set({ may })}
            />
            <Select label={t("keys.days")} value={draft.days} onChange={(days) => set({ days })}>
              {DAYS.map((days) => (
                <option key={days} value={days}>
                  {days === "" ? t("keys.forever") : t("keys.dayCount", { count: Number(days) })}
                </option>
              ))}
            </Select>
          </div>
          <KeyLimits draft={draft} wrong={wrong} onChange={set} />
          <FormEnd fault={fault} label={t("keys.make")} busy={busy} onCancel={onClose} />
        </form>
      ) : (
        <Once label={t("keys.made")} text={made} about={t("keys.once")} onClose={onClose} />
      )}
    </Dialog>
  );
}
