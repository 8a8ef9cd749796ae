"use client";

import { useState } from "react";
import { duration } from "@/lib/format";
import { useNow } from "@/lib/hooks/use-now";
import { useLanguage, useT } from "@/lib/i18n";
import { type Answer, asks } from "../../thread/answer";

export interface AnswerStatusProps {
  readonly answer: Answer;
  readonly lostAt: number | null;
}

const PATIENCE_MS = 2_000;
/** From when on a wait is told in seconds. */
const CLOCK_MS = 3_000;

/** One quiet line that says what is going on with an answer that is not finished. */
export function AnswerStatus({ answer, lostAt }: AnswerStatusProps) {
  const t = useT();
  const language = useLanguage();
  const now = useNow(1_000);
  // By this browser's clock alone: the server's may differ.
  const [since] = useState(Date.now);
  const waited = answer.text.length === 0 ? now - since : 0;
  const lost = lostAt !== null && now - lostAt >= PATIENCE_MS;
  return (
    <p className="flex min-h-6 flex-wrap items-center gap-x-2 text-sm text-muted" data-testid="answer-status">
      <span aria-hidden className={`size-2 rounded-full ${lost ? "bg-warn" : "animate-breathe bg-accent"}`} />
      <span>{lost ? t("status.reconnecting") : doing(answer, now, t)}</span>
      {waited >= CLOCK_MS && (
        <span aria-hidden className="tabular-nums" data-testid="waited">
          {duration(waited, language, true)}
        </span>
      )}
      {answer.takenOver && answer.status !== "queued" && <span>· {t("status.takenOver")}</span>}
    </p>
  );
}

function doing(answer: Answer, now: number, t: ReturnType<typeof useT>): string {
  if (answer.status === "queued") {
    return answer.position === null || answer.position <= 1
      ? t("status.next")
      : t("status.queued", { position: answer.position });
  }
  if (answer.status === "waiting" && answer.steps.length > 0)
    return t(answer.steps.some(asks) ? "status.asks" : "status.acting");
  if (answer.loading) return t("status.loading", { model: answer.model ?? "" });
  if (answer.text.length === 0) return answer.reasoning.length > 0 ? t("status.thinking") : t("status.reading");
  const speed = tokensPerSecond(answer, now);
  return speed === null ? t("status.writing") : t("status.speed", { speed });
}

/** An estimate: four characters make a token. Nothing in the first second, when it would only jump. */
export function tokensPerSecond(answer: Answer, now: number): number | null {
  if (answer.writingAt === null || now - answer.writingAt < 1_000) return null;
  const tokens = (answer.text.length - answer.writtenBefore) / 4;
  return Math.max(1, Math.round((tokens * 1000) / (now - answer.writingAt)));
}
