import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId } from "react";

interface Common {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
}

const BOX =
  "w-full rounded-lg border bg-raised px-3 py-2 placeholder:text-muted aria-invalid:border-danger border-line-strong/60";

/** A labelled line of input with a hint or what is wrong with it. */
export function TextField({
  label,
  hint,
  error,
  className = "",
  ...rest
}: Common & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-hint` : undefined}
        className={`${BOX} h-11 ${className}`}
        {...rest}
      />
    </Frame>
  );
}

/** A labelled box of several lines. */
export function TextBox({
  label,
  hint,
  error,
  className = "",
  ...rest
}: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        dir="auto"
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-hint` : undefined}
        className={`${BOX} resize-y ${className}`}
        {...rest}
      />
    </Frame>
  );
}

function Frame({ id, label, hint, error, children }: Common & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
      {(error || hint) && (
        <div id={`${id}-hint`} className={`text-sm ${error ? "text-danger" : "text-muted"}`}>
          {error || hint}
        </div>
      )}
    </div>
  );
}
