"use client";

import type { Message } from "@/lib/api";
import { useModels } from "@/lib/data";
import { contextLength } from "@/lib/format";
import { useT } from "@/lib/i18n";

const SHOWN_FROM = 0.5;
const FULL_FROM = 0.9;

/** How much a model reads before the beginning is left out: a part of its context is kept free for the answer (worker/prompt/context_window.py). */
const roomFor = (length: number): number => length - Math.min(2048, length / 4);

/** How much of the model's context the conversation takes, once that begins to matter. */
export function ContextMeter({ path, model }: { readonly path: readonly Message[]; readonly model: string | null }) {
  const t = useT();
  const { data } = useModels();
  const length = data?.items.find((each) => each.name === model)?.context_length ?? null;
  const used = tokensUsed(path);
  if (length === null || used === null || used < length * SHOWN_FROM) return null;
  const gone = (path.findLast((message) => message.timings !== null)?.timings?.left_out ?? 0) > 0;
  const full = gone || used >= roomFor(length) * FULL_FROM;
  const share = gone ? 1 : Math.min(1, used / roomFor(length));
  const key = gone ? "leftOut.meter" : full ? "context.full" : "context.used";
  const words = t(key, { used: contextLength(used), length: contextLength(length) });
  return (
    <div className={`mb-2 flex items-center gap-3 px-4 text-xs ${full ? "text-warn" : "text-muted"}`}>
      <meter aria-label={words} className="sr-only" min={0} max={length} value={used} />
      <span aria-hidden className="h-1 w-20 shrink-0 overflow-hidden rounded-full bg-hover">
        <span className={`block h-full ${full ? "bg-warn" : "bg-accent"}`} style={{ inlineSize: `${share * 100}%` }} />
      </span>
      <span>{words}</span>
    </div>
  );
}

/** What the last finished answer read and wrote: the least that the next one will read. */
export function tokensUsed(path: readonly Message[]): number | null {
  const usage = path.findLast((message) => message.usage?.prompt_tokens != null)?.usage;
  return usage == null ? null : (usage.prompt_tokens ?? 0) + (usage.completion_tokens ?? 0);
}
