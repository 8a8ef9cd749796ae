import type { ReactNode } from "react";
import { Markdown } from "@/ui/markdown";

/** Words of the person: Markdown as answers have it, and their lines as they were typed. */
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
      className={`asked min-w-0 max-w-[80%] rounded-2xl rounded-ee-md bg-accent-soft px-4 py-2.5 leading-relaxed wrap-anywhere ${faint ? "opacity-70" : ""}`}
    >
      <Markdown text={text} />
      {children}
    </div>
  );
}
