"use client";

import { CircleHelp, Hand } from "lucide-react";
import { useState } from "react";
import type { Decision, Message, Step } from "@/lib/api";
import { decide, stepPath } from "@/lib/api/tools";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { noteStep } from "../../thread/actions";
import { ConnectCard } from "./connect-card";
import { nameOf, reasonOf } from "./names";
import { pretty } from "./parts";
import type { QuestionCardProps } from "./question-card";

const QuestionCard = fetched<QuestionCardProps>(() => import("./question-card").then((module) => module.QuestionCard));

/** A step that waits for the person: may it be done; or, where nobody knows whether it was done, is it to be done again. */
export function StepCard({ message, step }: { readonly message: Message; readonly step: Step }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const unknown = step.state === "unknown";
  const say = async (decision: Decision) => {
    setBusy(true);
    setFault(null);
    try {
      const path = stepPath(message.conversation_id, message.id, step.number);
      noteStep(message, await decide(path, step, decision));
    } catch (error) {
      setFault(wordsFor(error, t));
    } finally {
      setBusy(false);
    }
  };
  const name = nameOf(step, t);
  if (step.error?.code.startsWith("not_connected"))
    return <ConnectCard server={step.server} fault={fault} busy={busy} onRefuse={() => void say("refuse")} />;
  // A server may ask again in the same call: what was typed into one form does not belong in the next.
  if (step.question) return <QuestionCard key={step.revision} message={message} step={step} question={step.question} />;
  const Icon = unknown ? CircleHelp : Hand;
  return (
    <section
      aria-label={t(unknown ? "step.maybe" : "step.asks", { tool: name })}
      className="mt-1 rounded-xl bg-warn-soft p-4"
    >
      <p className="flex items-start gap-2 font-medium">
        <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
        <span>{t(unknown ? "step.maybe" : "step.asks", { tool: name })}</span>
      </p>
      <p className="mt-1 text-sm text-muted">{t(reasonOf(step), { server: step.server })}</p>
      <pre
        dir="ltr"
        className="mt-3 max-h-48 overflow-auto rounded-lg bg-raised p-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
      >
        {pretty(step.arguments)}
      </pre>
      {fault && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {fault}
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="primary" disabled={busy} onClick={() => void say("grant")}>
          {t(unknown ? "step.again" : "step.allow")}
        </Button>
        {!unknown && (
          <Button disabled={busy} onClick={() => void say("grant_for_conversation")}>
            {t("step.allowHere")}
          </Button>
        )}
        <Button disabled={busy} onClick={() => void say("refuse")}>
          {t(unknown ? "step.skip" : "step.refuse")}
        </Button>
      </div>
    </section>
  );
}
