import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, Ref } from "react";

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly small?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button that shows only an icon; its label is its name and its tooltip (tooltips.tsx). */
export function IconButton({ icon: Icon, label, small = false, className = "", ...rest }: IconButtonProps) {
  // A finger needs 44 px.
  const size = small ? "size-8 pointer-coarse:size-11" : "size-10 pointer-coarse:size-11";
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      className={`inline-flex shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-ink disabled:opacity-40 ${size} ${className}`}
      {...rest}
    >
      <Icon aria-hidden className={small ? "size-4" : "size-5"} strokeWidth={1.75} />
    </button>
  );
}
