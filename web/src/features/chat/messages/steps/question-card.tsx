"use client";

import { ExternalLink, MessageCircleQuestionMark } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Message, Step } from "@/lib/api";
import { decide, type Reply, stepPath } from "@/lib/api/tools";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { noteStep } from "../../thread/actions";
import { beginning, filled, type Values } from "./question";
import { QuestionField } from "./question-field";

export interface QuestionCardProps {
  readonly message: Message;
  readonly step: Step;
  readonly question: NonNullable<Step["question"]>;
}

/** What a tool's server asks the person in the middle of a call: a form, or a page that they are to open. */
export function QuestionCard({ message, step, question }: QuestionCardProps) {
  const t = useT();
  const [values, setValues] = useState<Values>(() => beginning(question));
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const say = async (decision: "answer" | "decline" | "cancel", answer: Reply = {}) => {
    setBusy(true);
    setFault(null);
    try {
      const path = stepPath(message.conversation_id, message.id, step.number);
      noteStep(message, await decide(path, step, decision, answer));
    } catch (error) {
      setFault(wordsFor(error, t));
    } finally {
      setBusy(false);
    }
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    void say("answer", filled(question, values));
  };
  return (
    <form
      aria-label={t("step.question", { server: step.server })}
      className="mt-1 rounded-xl bg-warn-soft p-4"
      onSubmit={send}
    >
      <p className="flex items-start gap-2 font-medium">
        <MessageCircleQuestionMark aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
        <span>{t("step.question", { server: step.server })}</span>
      </p>
      <p dir="auto" className="mt-1 text-sm break-words whitespace-pre-wrap">
        {question.message}
      </p>
      <p className="mt-1 text-sm text-muted">{t("step.questionAbout")}</p>
      {question.url !== null && (
        <a
          href={question.url}
          target="_blank"
          rel="noopener noreferrer"
          dir="ltr"
          className="mt-3 flex items-start gap-2 rounded-lg bg-raised p-3 text-sm break-all underline"
        >
          <ExternalLink aria-hidden className="mt-0.5 size-4 shrink-0" />
          {question.url}
        </a>
      )}
      <div className="mt-3 flex flex-col gap-3">
        {question.fields.map((field) => (
          <QuestionField
            key={field.name}
            field={field}
            value={values[field.name]}
            onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
      </div>
      {fault !== null && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {fault}
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={busy}>
          {t(question.url === null ? "step.send" : "step.opened")}
        </Button>
        <Button disabled={busy} onClick={() => void say("decline")}>
          {t("step.decline")}
        </Button>
        <Button disabled={busy} onClick={() => void say("cancel")}>
          {t("step.cancel")}
        </Button>
      </div>
    </form>
  );
}
