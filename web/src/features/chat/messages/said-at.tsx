import { dateTime, timeOfDay } from "@/lib/format";
import { useLanguage } from "@/lib/i18n";

/** When a message was written; the whole date is told by pointing at it. */
export function SaidAt({ time }: { readonly time: string }) {
  const language = useLanguage();
  return (
    <time
      dateTime={time}
      title={dateTime(time, language)}
      className="self-center px-1 text-xs whitespace-nowrap text-muted tabular-nums"
    >
      {timeOfDay(time, language)}
    </time>
  );
}
