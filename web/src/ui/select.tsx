import { ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly required?: boolean;
  readonly children: ReactNode;
}

/** A labelled choice of one: the browser's own list. */
export function Select({ label, value, onChange, required, children }: SelectProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          value={value}
          required={required}
          onChange={(event) => onChange(event.target.value)}
          className="h-11 w-full appearance-none rounded-lg border border-line-strong/60 bg-raised ps-3 pe-10"
        >
          {children}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute inset-e-3 top-3.5 size-4 text-muted" />
      </div>
    </div>
  );
}
