"use client";

import { type FormEvent, useState } from "react";
import * as admin from "@/lib/api/admin";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextBox, TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";
import { Chosen } from "../groups/chosen";

interface ModelDialogProps {
  readonly model: admin.ManagedModel;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const AUDIENCES: readonly admin.Audience[] = ["everyone", "administrators", "chosen", "nobody"];
const NUMBERS = { temperature: [0, 2, 0.1], top_p: [0, 1, 0.05], max_tokens: [1, 1_000_000, 1] } as const;

/** Who sees a model, what it is called, and how it answers where nobody says otherwise. */
export function ModelDialog({ model, onSaved, onClose }: ModelDialogProps) {
  const t = useT();
  const [audience, setAudience] = useState(model.audience);
  const [people, setPeople] = useState(model.people);
  const [groups, setGroups] = useState(model.groups.map(({ id }) => id));
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      await admin.changeModel({
        name: model.name,
        audience,
        display_name: String(form.get("display_name") ?? "").trim(),
        people: audience === "chosen" ? people.map((person) => person.id) : [],
        groups: audience === "chosen" ? groups : [],
        options: optionsOf(form, model.options),
      });
      toast(t("saved"));
      onSaved();
      onClose();
    } catch (error) {
      setFault(wordsFor(error, t));
    }
  };
  return (
    <Dialog title={model.name} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <TextField
          label={t("admin.models.name")}
          name="display_name"
          defaultValue={model.display_name}
          placeholder={model.offered_name}
          maxLength={200}
        />
        <Select label={t("admin.audience")} value={audience} onChange={(value) => setAudience(value as admin.Audience)}>
          {AUDIENCES.map((each) => (
            <option key={each} value={each}>
              {t(`admin.audience.${each}`)}
            </option>
          ))}
        </Select>
        {audience === "chosen" && <Chosen people={people} onPeople={setPeople} groups={groups} onGroups={setGroups} />}
        <fieldset className="flex flex-col gap-4 border-t border-line pt-4">
          <legend className="sr-only">{t("admin.models.defaults")}</legend>
          <p className="text-sm text-muted">{t("admin.models.defaults")}</p>
          <div className="grid items-end gap-4 sm:grid-cols-3">
            {(Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]).map((name) => (
              <TextField
                key={name}
                label={t(`admin.option.${name}`)}
                name={name}
                type="number"
                min={NUMBERS[name][0]}
                max={NUMBERS[name][1]}
                step={NUMBERS[name][2]}
                defaultValue={model.options[name] ?? ""}
              />
            ))}
          </div>
          <TextBox
            label={t("admin.option.system_prompt")}
            name="system_prompt"
            rows={3}
            maxLength={20_000}
            defaultValue={model.options.system_prompt ?? ""}
          />
        </fieldset>
        <FormEnd fault={fault} label={t("save")} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

/** What the form says, over what it doesn't show. */
function optionsOf(form: FormData, before: admin.ManagedModel["options"]): admin.ManagedModel["options"] {
  const { seed, stop } = before;
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const numbers = Object.keys(NUMBERS).filter((name) => text(name) !== "");
  const prompt = text("system_prompt");
  return {
    ...(seed == null ? {} : { seed }),
    ...(stop == null ? {} : { stop }),
    ...Object.fromEntries(numbers.map((name) => [name, Number(text(name))])),
    ...(prompt ? { system_prompt: prompt } : {}),
  };
}
