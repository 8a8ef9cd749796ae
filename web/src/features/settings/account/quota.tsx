"use client";

import useSWR from "swr";
import * as admin from "@/lib/api/admin";
import { count, dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";

/** How many tokens the person has taken, and how many they may. */
export function Quota() {
  const t = useT();
  const language = useLanguage();
  const { data } = useSWR(admin.QUOTA, admin.quota, { refreshInterval: 60_000 });
  if (!data) return <div className="h-24" />;
  return (
    <div className="grid gap-6 sm:grid-cols-2">
      {(["day", "month"] as const).map((window) => {
        const { used, allowed, resets_at } = data[window];
        const full = allowed !== null && used >= allowed;
        return (
          <div key={window}>
            <p className="flex justify-between gap-3 text-sm">
              <span className="font-medium">{t(`quota.${window}`)}</span>
              <span className={`tabular-nums ${full ? "text-danger" : "text-muted"}`}>
                {allowed === null
                  ? t("quota.used", { used: count(used, language) })
                  : t("quota.usedOf", { used: count(used, language), allowed: count(allowed, language) })}
              </span>
            </p>
            {allowed !== null && (
              <div
                role="meter"
                aria-label={t(`quota.${window}`)}
                aria-valuemin={0}
                aria-valuemax={allowed}
                aria-valuenow={Math.min(used, allowed)}
                className="mt-2 h-2 rounded-full bg-sunken"
              >
                <div
                  className={`h-full rounded-full ${full ? "bg-danger" : "bg-accent"}`}
                  style={{ inlineSize: `${allowed === 0 ? 100 : Math.min(100, (100 * used) / allowed)}%` }}
                />
              </div>
            )}
            <p className="mt-1 text-sm text-muted">{t("quota.resets", { time: dateTime(resets_at, language) })}</p>
          </div>
        );
      })}
    </div>
  );
}
