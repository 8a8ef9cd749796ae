"use client";

import { type FormEvent, useState } from "react";
import * as api from "@/lib/api/prompts";
import { useT } from "@/lib/i18n";
import { handleOf } from "@/lib/prompts/from-file";
import { variablesOf } from "@/lib/prompts/variables";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextBox, TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { Given } from "@/ui/library/given";
import { toast } from "@/ui/toasts";

export interface PromptDialogProps {
  /** null for one that is to be made. */
  readonly prompt: api.Prompt | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** A prompt's name and text, with the variables that are found in it, and who may use it. */
export function PromptDialog({ prompt, onSaved, onClose }: PromptDialogProps) {
  const t = useT();
  const [handle, setHandle] = useState(prompt?.handle ?? "");
  const [text, setText] = useState(prompt?.text ?? "");
  const [given, setGiven] = useState({ audience: prompt?.audience ?? "owner", groups: prompt?.groups ?? [] });
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(name) ?? "").trim();
    const groups = given.audience === "chosen" ? [...given.groups] : [];
    const said = { name: typed("name"), text, note: typed("note"), audience: given.audience, groups };
    try {
      await (prompt ? api.changePrompt(prompt.id, said) : api.addPrompt({ handle, ...said }));
      toast(t("saved"));
      onSaved();
      onClose();
    } catch (error) {
      setFault(wordsFor(error, t));
    }
  };
  const variables = variablesOf(text).map(({ name }) => name);
  return (
    <Dialog title={prompt?.name ?? t("prompts.new")} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <TextField
          label={t("prompts.name")}
          name="name"
          required
          maxLength={100}
          defaultValue={prompt?.name}
          onBlur={(event) => handle === "" && setHandle(handleOf(event.target.value))}
        />
        {prompt === null && (
          <TextField
            label={t("prompts.handle")}
            hint={t("prompts.handleHint")}
            required
            dir="ltr"
            pattern="[a-z0-9][a-z0-9\-]*"
            maxLength={40}
            value={handle}
            onChange={(event) => setHandle(event.target.value)}
          />
        )}
        <TextBox
          label={t("prompts.text")}
          hint={variables.length > 0 ? t("prompts.asksFor", { names: variables.join(", ") }) : t("prompts.textHint")}
          required
          rows={8}
          maxLength={50_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Given
          {...given}
          onChange={(part) => setGiven((now) => ({ ...now, ...part, groups: [...(part.groups ?? now.groups)] }))}
        />
        {prompt !== null && <TextField label={t("library.note")} name="note" maxLength={500} />}
        <FormEnd fault={fault} label={t("save")} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
