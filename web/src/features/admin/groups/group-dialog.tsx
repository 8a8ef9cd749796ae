"use client";

import { type FormEvent, useState } from "react";
import * as api from "@/lib/api/groups";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { toast } from "@/ui/toasts";

export interface GroupDialogProps {
  /** null for one that is to be made. */
  readonly group: api.Group | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** What a group is called, how many tokens each of its members may take, its share of the workers, and how its members must sign in. */
export function GroupDialog({ group, onSaved, onClose }: GroupDialogProps) {
  const t = useT();
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const settings = settingsOf(new FormData(event.currentTarget));
    try {
      await (group ? api.changeGroup(group.id, settings) : api.addGroup(settings));
      toast(t("saved"));
      onSaved();
      onClose();
    } catch (error) {
      setFault(wordsFor(error, t));
    }
  };
  const numbers = { type: "number", inputMode: "numeric", min: 0, max: 1e15, step: 1 } as const;
  return (
    <Dialog title={group?.name ?? t("groups.new")} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <TextField label={t("groups.name")} name="name" required maxLength={100} defaultValue={group?.name} />
        <div className="grid items-end gap-4 sm:grid-cols-3">
          <TextField label={t("groups.day")} name="day" {...numbers} defaultValue={group?.quota?.day ?? ""} />
          <TextField label={t("groups.month")} name="month" {...numbers} defaultValue={group?.quota?.month ?? ""} />
          <TextField
            label={t("groups.weight")}
            name="weight"
            type="number"
            min={0.01}
            max={100}
            step="any"
            defaultValue={group?.weight ?? ""}
          />
        </div>
        <p className="text-sm text-muted">{t("groups.limits")}</p>
        <label className="flex items-center gap-3 text-sm">
          <input
            type="checkbox"
            name="second_factor"
            defaultChecked={group?.second_factor}
            className="size-4 accent-(--accent)"
          />
          {t("groups.secondFactor")}
        </label>
        <FormEnd fault={fault} label={t("save")} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function settingsOf(form: FormData): api.GroupSettings {
  const numberOf = (name: string) => {
    const text = String(form.get(name) ?? "").trim();
    return text === "" ? null : Number(text);
  };
  const [day, month] = [numberOf("day"), numberOf("month")];
  return {
    name: String(form.get("name") ?? "").trim(),
    quota: day === null && month === null ? null : { day, month },
    weight: numberOf("weight"),
    second_factor: form.has("second_factor"),
  };
}
