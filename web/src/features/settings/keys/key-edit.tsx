"use client";

import { type ApiKey, changeKey } from "@/lib/api/keys";
import { useT } from "@/lib/i18n";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";
import { changeOf, DAYS, draftOf, KEEP, lesser } from "./key-form";
import { KeyLimits } from "./key-limits";
import { KeyMay } from "./key-may";
import { useKeyForm } from "./use-key-form";

interface KeyEditProps {
  readonly apiKey: ApiKey;
  readonly onChanged: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Changes a key where it stands in the list. What it opens can only become less. */
export function KeyEdit({ apiKey, onChanged, onClose }: KeyEditProps) {
  const t = useT();
  const { draft, set, wrong, nameFault, busy, fault, submit } = useKeyForm(
    draftOf(apiKey),
    (typed) => changeOf(typed, apiKey),
    async ({ change }) => {
      const { name } = await changeKey(apiKey.id, change);
      await onChanged();
      toast(t("keys.changed", { name }));
      onClose();
    },
  );
  return (
    <form
      noValidate
      aria-label={t("keys.changeOne", { name: apiKey.name })}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.nativeEvent.isComposing) onClose();
      }}
      className="flex flex-col gap-5 px-4 py-4"
    >
      <TextField
        label={t("keys.name")}
        error={nameFault}
        value={draft.name}
        maxLength={100}
        autoComplete="off"
        autoFocus
        onChange={(event) => set({ name: event.target.value })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <KeyMay value={draft.may} choices={lesser(apiKey)} onChange={(may) => set({ may })} />
        <Select label={t("keys.daysFromNow")} value={draft.days} onChange={(days) => set({ days })}>
          <option value={KEEP}>{t("keys.daysKeep")}</option>
          {DAYS.map((days) => (
            <option key={days} value={days}>
              {days === "" ? t("keys.forever") : t("keys.dayCount", { count: Number(days) })}
            </option>
          ))}
        </Select>
      </div>
      <KeyLimits draft={draft} wrong={wrong} onChange={set} />
      <FormEnd fault={fault} label={t("save")} busy={busy} onCancel={onClose} />
    </form>
  );
}
