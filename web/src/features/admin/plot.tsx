"use client";

import { count } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { type Day, tokens } from "./usage";

const HEIGHT = 120;

/** Tokens by day as bars, answers over prompts; the same as a table for who can't see them. */
export function Plot({ days }: { readonly days: readonly Day[] }) {
  const t = useT();
  const language = useLanguage();
  const most = Math.max(1, ...days.map(tokens));
  const scale = HEIGHT / most;
  const dayName = (day: string) =>
    new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(day));
  const short = new Intl.NumberFormat(language, { notation: "compact" });
  return (
    <figure>
      <div className="flex items-stretch gap-2">
        <div aria-hidden className="flex flex-col justify-between text-end text-xs text-muted tabular-nums">
          <span>{short.format(most)}</span>
          <span>{short.format(0)}</span>
        </div>
        <svg
          role="img"
          aria-label={t("admin.usage.plot")}
          viewBox={`0 0 ${days.length * 10} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-40 w-full border-b border-line rtl:-scale-x-100"
        >
          {days.map((day, index) => (
            <g key={day.day}>
              <title>{`${dayName(day.day)}: ${count(tokens(day), language)}`}</title>
              <rect x={index * 10} y={0} width={10} height={HEIGHT} className="fill-transparent" />
              <rect
                x={index * 10 + 1}
                width={8}
                y={HEIGHT - tokens(day) * scale}
                height={day.completion * scale}
                className="fill-accent"
              />
              <rect
                x={index * 10 + 1}
                width={8}
                y={HEIGHT - day.prompt * scale}
                height={day.prompt * scale}
                className="fill-line-strong"
              />
            </g>
          ))}
        </svg>
      </div>
      <div aria-hidden className="ms-8 flex justify-between pt-1 text-xs text-muted">
        <span>{dayName(days[0]?.day ?? "")}</span>
        <span>{dayName(days.at(-1)?.day ?? "")}</span>
      </div>
      <figcaption className="mt-2 flex flex-wrap gap-4 text-sm text-muted">
        <Key colour="bg-accent" words={t("admin.usage.completion")} />
        <Key colour="bg-line-strong" words={t("admin.usage.prompt")} />
      </figcaption>
      <details className="mt-3 text-sm">
        <summary className="cursor-pointer text-muted hover:text-ink">{t("admin.usage.table")}</summary>
        <div className="mt-2 max-h-80 overflow-auto">
          <table className="w-full text-start tabular-nums">
            <thead>
              <tr className="border-b border-line text-muted">
                {(
                  ["admin.usage.day", "admin.usage.answers", "admin.usage.prompt", "admin.usage.completion"] as const
                ).map((key) => (
                  <th key={key} scope="col" className="py-1 pe-4 text-start font-normal">
                    {t(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...days].reverse().map((day) => (
                <tr key={day.day}>
                  <th scope="row" className="py-1 pe-4 text-start font-normal whitespace-nowrap">
                    {dayName(day.day)}
                  </th>
                  {[day.answers, day.prompt, day.completion].map((value, place) => (
                    <td key={["answers", "prompt", "completion"][place]} className="py-1 pe-4">
                      {count(value, language)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function Key({ colour, words }: { readonly colour: string; readonly words: string }) {
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className={`size-3 rounded-sm ${colour}`} />
      {words}
    </span>
  );
}
