"use client";

import { useId } from "react";
import { TextField } from "@/ui/field";
import { Select } from "@/ui/select";
import { type Field, inputType, type Value } from "./question";

interface QuestionFieldProps {
  readonly field: Field;
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}

/** One field of a form; the browser itself says in the person's language what does not fit. */
export function QuestionField({ field, value, onChange }: QuestionFieldProps) {
  const label = field.required ? `${field.title} *` : field.title;
  switch (field.kind) {
    case "yes_or_no":
      return <Tick label={field.title} hint={field.hint} on={value === true} onChange={onChange} />;
    case "several":
      return <Several field={field} label={label} chosen={Array.isArray(value) ? value : []} onChange={onChange} />;
    case "choice":
      return (
        <Select label={label} value={String(value ?? "")} onChange={onChange} required={field.required}>
          <option value="" />
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.title}
            </option>
          ))}
        </Select>
      );
    default:
      return <Line field={field} label={label} value={String(value ?? "")} onChange={onChange} />;
  }
}

interface LineProps {
  readonly field: Field;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Line({ field, label, value, onChange }: LineProps) {
  const type = inputType(field);
  const least = field.least ?? undefined;
  const most = field.most ?? undefined;
  const bounds =
    type === "number" ? { min: least, max: most, step: field.kind === "integer" ? 1 : "any" } : lengths(least, most);
  return (
    <TextField
      label={label}
      hint={field.hint}
      type={type}
      dir="auto"
      autoComplete="off"
      value={value}
      required={field.required}
      onChange={(event) => onChange(event.target.value)}
      {...bounds}
    />
  );
}

const lengths = (minLength?: number, maxLength?: number) => ({ minLength, maxLength });

interface TickProps {
  readonly label: string;
  readonly hint?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function Tick({ label, hint, on, onChange }: TickProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        className="mt-1 size-4 accent-accent"
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id} className="text-sm">
        <span className="font-medium">{label}</span>
        {hint && <span className="block text-muted">{hint}</span>}
      </label>
    </div>
  );
}

interface SeveralProps {
  readonly field: Field;
  readonly label: string;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function Several({ field, label, chosen, onChange }: SeveralProps) {
  const put = (value: string, on: boolean) => onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      {field.options.map(({ value, title }) => (
        <Tick key={value} label={title} on={chosen.includes(value)} onChange={(on) => put(value, on)} />
      ))}
      {field.hint && <p className="text-sm text-muted">{field.hint}</p>}
    </fieldset>
  );
}
