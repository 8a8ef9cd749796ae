"use client";

import type { Message } from "@/lib/api";
import { count, dateTime, duration } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";

/** Model, times and counts of an answer, on demand. */
export function Facts({ message }: { readonly message: Message }) {
  const t = useT();
  const language = useLanguage();
  const { usage, timings } = message;
  const facts = [
    message.model,
    timings?.first_token_ms != null && t("facts.first", { time: duration(timings.first_token_ms, language) }),
    timings?.total_ms != null && t("facts.total", { time: duration(timings.total_ms, language) }),
    usage?.prompt_tokens != null && t("facts.prompt", { count: count(usage.prompt_tokens, language) }),
    usage?.completion_tokens != null && t("facts.completion", { count: count(usage.completion_tokens, language) }),
    timings?.tokens_per_s != null && t("facts.speed", { speed: Math.round(timings.tokens_per_s) }),
    message.attempt > 1 && t("facts.attempts", { count: message.attempt }),
    dateTime(message.finished_at ?? message.created_at, language),
  ].filter(Boolean);
  return (
    <span ref={intoView} className="px-2 text-xs text-muted tabular-nums">
      {facts.join(" · ")}
    </span>
  );
}

/** What was asked for is shown whole, also where it comes below the last line in sight. */
const intoView = (node: HTMLElement | null) => node?.scrollIntoView({ block: "nearest" });
