"use client";

import { Ban, Check, CircleAlert, CircleHelp, CircleStop, Hand, LoaderCircle, type LucideIcon } from "lucide-react";
import { useState } from "react";
import type { Message, Step } from "@/lib/api";
import { stepPath } from "@/lib/api/tools";
import { fetched } from "@/lib/fetched";
import { duration } from "@/lib/format";
import { useNow } from "@/lib/hooks/use-now";
import { useLanguage, useT } from "@/lib/i18n";
import { nameOf } from "./names";
import { summary } from "./parts";
import type { StepDetailsProps } from "./step-details";

const Details = fetched<StepDetailsProps>(() => import("./step-details").then((module) => module.StepDetails));

const ICONS: Readonly<Record<Step["state"], LucideIcon>> = {
  proposed: Hand,
  granted: LoaderCircle,
  running: LoaderCircle,
  done: Check,
  failed: CircleAlert,
  refused: Ban,
  stopped: CircleStop,
  unknown: CircleHelp,
};

/** A step in one quiet line: the tool, what it was asked, how it stands and how long it took. It opens to all of it. */
export function StepLine({ message, step }: { readonly message: Message; readonly step: Step }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const Icon = ICONS[step.state];
  const busy = step.state === "running" || step.state === "granted";
  return (
    <div className="rounded-xl border border-line bg-raised text-sm">
      <details data-state={step.state} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex min-h-10 list-none items-center gap-2 rounded-xl px-3 py-2 hover:bg-hover pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
          <Icon
            aria-hidden
            className={`size-4 shrink-0 ${busy ? "animate-spin text-accent motion-reduce:animate-none" : step.state === "failed" ? "text-danger" : "text-muted"}`}
          />
          <bdi className="shrink-0 font-medium">{nameOf(step, t)}</bdi>
          <bdi className="min-w-0 flex-1 truncate text-muted">{summary(step.arguments)}</bdi>
          <span className="shrink-0 text-muted tabular-nums">
            {t(step.question ? "step.asked" : `step.${step.state}`)}
            <Took step={step} />
          </span>
        </summary>
        {open && <Details path={stepPath(message.conversation_id, message.id, step.number)} step={step} />}
      </details>
      {step.progress && busy && <Progress progress={step.progress} />}
    </div>
  );
}

function Took({ step }: { readonly step: Step }) {
  const language = useLanguage();
  const running = step.started_at !== null && step.finished_at === null && step.state === "running";
  const now = useNow(1_000, running);
  if (step.started_at === null || (step.finished_at === null && !running)) return null;
  const until = step.finished_at === null ? now : Date.parse(step.finished_at);
  return ` · ${duration(Math.max(0, until - Date.parse(step.started_at)), language)}`;
}

function Progress({ progress }: { readonly progress: NonNullable<Step["progress"]> }) {
  return (
    <div className="px-3 pb-2">
      <progress className="h-1.5 w-full" value={progress.done} max={progress.total ?? undefined} />
      {progress.message && <p className="text-muted">{progress.message}</p>}
    </div>
  );
}
