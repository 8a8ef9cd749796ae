"use client";

import { type FormEvent, useState } from "react";
import * as api from "@/lib/api/assistants";
import { useT } from "@/lib/i18n";
import { handleOf } from "@/lib/prompts/from-file";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextBox, TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { Given } from "@/ui/library/given";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";
import { Abilities } from "./abilities";
import { type Choices, choicesOf, EFFORTS, NUMBERS, type NumberName, settingsOf } from "./form";
import { ModelOrder } from "./model-order";

export interface AssistantDialogProps {
  /** null for one that is to be made. */
  readonly assistant: api.Assistant | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** All that an assistant says and does, and who may use it. */
export function AssistantDialog({ assistant, onSaved, onClose }: AssistantDialogProps) {
  const t = useT();
  const [choices, setChoices] = useState(() => choicesOf(assistant));
  const [handle, setHandle] = useState(assistant?.handle ?? "");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const choose = (part: Partial<Choices>) => setChoices((now) => ({ ...now, ...part }));
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = settingsOf(new FormData(event.currentTarget), choices, assistant);
    setBusy(true);
    try {
      await (assistant ? api.changeAssistant(assistant.id, said) : api.addAssistant(handle, said));
      toast(t("saved"));
      onSaved();
      onClose();
    } catch (error) {
      setFault(wordsFor(error, t));
      setBusy(false);
    }
  };
  return (
    <Dialog title={assistant?.name ?? t("assistants.new")} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <div className="grid grid-cols-[1fr_5rem] items-end gap-4">
          <TextField
            label={t("assistants.name")}
            name="name"
            required
            maxLength={100}
            defaultValue={assistant?.name}
            onBlur={(event) => handle === "" && setHandle(handleOf(event.target.value))}
          />
          <TextField label={t("assistants.emoji")} name="emoji" maxLength={16} defaultValue={assistant?.emoji} />
        </div>
        {assistant === null && (
          <TextField
            label={t("assistants.handle")}
            hint={t("assistants.handleHint")}
            required
            dir="ltr"
            pattern="[a-z0-9][a-z0-9\-]*"
            maxLength={40}
            value={handle}
            onChange={(event) => setHandle(event.target.value)}
          />
        )}
        <TextField
          label={t("assistants.description")}
          name="description"
          maxLength={1_000}
          defaultValue={assistant?.description}
        />
        <TextBox
          label={t("assistants.instructions")}
          name="instructions"
          rows={6}
          maxLength={20_000}
          defaultValue={assistant?.instructions}
        />
        <ModelOrder chosen={choices.models} onChange={(models) => choose({ models })} />
        <div className="grid items-end gap-4 sm:grid-cols-3">
          {(Object.keys(NUMBERS) as NumberName[]).map((name) => (
            <TextField
              key={name}
              label={t(`assistants.${name}`)}
              name={name}
              type="number"
              min={NUMBERS[name][0]}
              max={NUMBERS[name][1]}
              step={NUMBERS[name][2]}
              defaultValue={assistant?.options[name] ?? ""}
            />
          ))}
        </div>
        <Select
          label={t("assistants.effort")}
          value={choices.effort ?? ""}
          onChange={(value) => choose({ effort: EFFORTS.find((effort) => effort === value) ?? null })}
        >
          <option value="">{t("assistants.effort.usual")}</option>
          {EFFORTS.map((effort) => (
            <option key={effort} value={effort}>
              {t(`assistants.effort.${effort}`)}
            </option>
          ))}
        </Select>
        <Abilities choices={choices} onChange={choose} />
        <TextBox
          label={t("assistants.starters")}
          hint={t("assistants.startersHint")}
          name="starters"
          rows={3}
          defaultValue={assistant?.starters.join("\n")}
        />
        <Given audience={choices.audience} groups={choices.groups} onChange={choose} />
        {assistant !== null && <TextField label={t("library.note")} name="note" maxLength={500} />}
        <FormEnd fault={fault} label={t("save")} busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
