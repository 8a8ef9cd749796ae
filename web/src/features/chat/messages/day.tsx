import { dayOf } from "@/lib/format";
import { useLanguage } from "@/lib/i18n";

/** The day that begins here. */
export function Day({ time }: { readonly time: string }) {
  const language = useLanguage();
  return (
    <p className="flex items-center gap-3 pb-5 text-xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      <time dateTime={time}>{dayOf(time, language, new Date())}</time>
    </p>
  );
}
