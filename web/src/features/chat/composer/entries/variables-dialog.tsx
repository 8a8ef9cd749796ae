"use client";

import type { FormEvent } from "react";
import { useT } from "@/lib/i18n";
import type { Variable } from "@/lib/prompts/variables";
import { Dialog } from "@/ui/dialog";
import { TextBox, TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";

export interface VariablesDialogProps {
  readonly title: string;
  readonly variables: readonly Variable[];
  readonly busy?: boolean;
  /** What was wrong with the last try. */
  readonly fault?: string | null;
  readonly onDone: (values: ReadonlyMap<string, string>) => void;
  readonly onClose: () => void;
}

/** Asks for the values of a prompt's variables, each by its type, with what it is where nothing else is said. */
export function VariablesDialog({
  title,
  variables,
  busy = false,
  fault = null,
  onDone,
  onClose,
}: VariablesDialogProps) {
  const t = useT();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // The composer is a form too, and React lets what happens here pass through it.
    event.stopPropagation();
    const form = new FormData(event.currentTarget);
    const value = ({ name, type }: Variable, index: number) => {
      const said = form.get(`v${index}`);
      return [name, type === "checkbox" ? String(said !== null) : String(said ?? "")] as const;
    };
    onDone(new Map(variables.map(value)));
  };
  return (
    <Dialog title={title} closeLabel={t("close")} onClose={onClose} typing>
      <form onSubmit={submit} className="flex flex-col gap-5">
        {variables.map((variable, index) => (
          <Field key={variable.name} variable={variable} name={`v${index}`} />
        ))}
        <FormEnd label={t("entries.insert")} busy={busy} fault={fault} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function Field({ variable, name }: { readonly variable: Variable; readonly name: string }) {
  const { type, fallback, placeholder, required, options } = variable;
  const same = { name, required, placeholder, defaultValue: fallback };
  if (type === "textarea") return <TextBox label={variable.name} rows={4} {...same} />;
  if (type === "select")
    return (
      <label className="flex flex-col gap-1.5 text-sm font-medium">
        {variable.name}
        <select
          name={name}
          defaultValue={fallback}
          className="h-11 w-full rounded-lg border border-line-strong/60 bg-raised px-3 text-base font-normal"
        >
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      </label>
    );
  if (type === "checkbox")
    return (
      <label className="flex items-center gap-3 text-sm">
        <input type="checkbox" name={name} defaultChecked={fallback === "true"} className="size-4 accent-(--accent)" />
        {variable.name}
      </label>
    );
  return <TextField label={variable.name} type={type} step={type === "number" ? "any" : undefined} {...same} />;
}
