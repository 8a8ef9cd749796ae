"use client";

import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes } from "react";

interface UsedButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  readonly label: string;
  /** How many are on; none shows nothing. */
  readonly used: number;
}

/** A round button of the composer with how many of what it opens are on. */
export function UsedButton({ icon: Icon, label, used, ...rest }: UsedButtonProps) {
  return (
    <button
      type="button"
      aria-label={`${label}: ${used}`}
      title={label}
      className="relative inline-flex size-11 shrink-0 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink"
      {...rest}
    >
      <Icon aria-hidden className="size-5" />
      {used > 0 && (
        <span
          aria-hidden
          className="absolute inset-e-1 top-1 flex size-4 items-center justify-center rounded-full bg-accent text-[0.65rem] text-on-accent"
        >
          {used}
        </span>
      )}
    </button>
  );
}
