import type { ReactNode } from "react";

/** Words of the person, as they were typed. */
export function Bubble({
  text,
  faint = false,
  children,
}: {
  readonly text: string;
  readonly faint?: boolean;
  readonly children?: ReactNode;
}) {
  return (
    <div
      dir="auto"
      className={`min-w-0 max-w-[80%] rounded-2xl rounded-ee-md bg-accent-soft px-4 py-2.5 leading-relaxed wrap-anywhere whitespace-pre-wrap ${faint ? "opacity-70" : ""}`}
    >
      {text}
      {children}
    </div>
  );
}
