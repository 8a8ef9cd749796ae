"use client";

import { type FormEvent, useState } from "react";
import type { SeenUser, UserChange } from "@/lib/api/admin";
import { count } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";

interface QuotaDialogProps {
  readonly person: SeenUser;
  readonly onSave: (change: UserChange, undo?: UserChange) => Promise<void>;
  readonly onClose: () => void;
}

const numberOf = (text: string) => (text.trim() === "" ? null : Number(text));

/** How many tokens a person may take: what their role has, or what is decided for them alone. */
export function QuotaDialog({ person, onSave, onClose }: QuotaDialogProps) {
  const t = useT();
  const language = useLanguage();
  const [own, setOwn] = useState(person.quota !== null);
  const [day, setDay] = useState(person.quota?.day?.toString() ?? "");
  const [month, setMonth] = useState(person.quota?.month?.toString() ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSave({ quota: own ? { day: numberOf(day), month: numberOf(month) } : null }, { quota: person.quota });
    onClose();
  };
  const used = (window: SeenUser["used"]["day"]) => t("admin.quota.used", { used: count(window.used, language) });
  return (
    <Dialog title={t("admin.quota")} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <p className="text-sm text-muted">{t("admin.quota.about")}</p>
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">{t("admin.quota")}</legend>
          {([false, true] as const).map((each) => (
            <label key={String(each)} className="flex items-center gap-3">
              <input
                type="radio"
                name="whose"
                checked={own === each}
                onChange={() => setOwn(each)}
                className="size-4 accent-(--accent)"
              />
              {t(each ? "admin.quota.own" : "admin.quota.role")}
            </label>
          ))}
        </fieldset>
        {own && (
          <div className="grid gap-4 sm:grid-cols-2">
            {(
              [
                ["admin.quota.day", day, setDay, person.used.day],
                ["admin.quota.month", month, setMonth, person.used.month],
              ] as const
            ).map(([key, value, set, window]) => (
              <TextField
                key={key}
                label={t(key)}
                hint={used(window)}
                type="number"
                inputMode="numeric"
                min={0}
                max={1e15}
                step={1}
                placeholder={t("admin.quota.none")}
                value={value}
                onChange={(event) => set(event.target.value)}
              />
            ))}
          </div>
        )}
        <FormEnd label={t("save")} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
