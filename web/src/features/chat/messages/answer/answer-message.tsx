"use client";

import { memo } from "react";
import type { Message, Step } from "@/lib/api";
import { fetched } from "@/lib/fetched";
import { useT, withSentences } from "@/lib/i18n";
import { Mark } from "@/ui/mark";
import type { Answer } from "../../thread/answer";
import { useThread } from "../../thread/store";
import { inFlight, live } from "../../thread/thread";
import { Written } from "../steps/written";
import { AnswerActions } from "./answer-actions";
import { AnswerEnd } from "./answer-end";
import { AnswerStatus } from "./answer-status";
import type { CitationsProps } from "./citations";
import type { GivenProps } from "./given";
import { LeftOut } from "./left-out";
import { Reasoning } from "./reasoning";

export interface AnswerMessageProps {
  readonly message: Message;
  readonly versions: readonly string[];
  readonly last: boolean;
}

/** What shows citations is fetched with the first answer that has some. */
const Citations = fetched<CitationsProps>(() =>
  withSentences(
    "knowledge",
    import("./citations").then((module) => module.Citations),
  ),
);
const Given = fetched<GivenProps>(() => withSentences("knowledge", import("./given")).then((module) => module.Given));
const NO_STEPS: readonly Step[] = [];

/** An answer: as it is being written, or as it ended. */
export const AnswerMessage = memo(function AnswerMessage({ message, versions, last }: AnswerMessageProps) {
  const t = useT();
  const id = message.conversation_id;
  const answer = useThread(id, (thread) => live(thread, message));
  const seen = useThread(id, (thread) => (thread.answer?.messageId === message.id ? thread.answer : null));
  const lostAt = useThread(id, (thread) => (answer === null ? null : thread.lostAt));
  const text = answer?.text.text ?? message.content;
  const writing = answer !== null || inFlight(message);
  const asked = message.assistant;
  const model = asked ? `${asked.emoji} ${asked.name}` : (answer?.model ?? message.model);
  return (
    <article
      aria-label={t("message.answer")}
      aria-busy={writing}
      data-status={answer?.status ?? message.status}
      className="group/message flex flex-col"
    >
      <div className="mb-1.5 flex items-center gap-2 text-sm text-muted">
        <Mark className="size-5 text-accent" busy={writing} />
        <bdi className="truncate">{model}</bdi>
      </div>
      <LeftOut
        count={answer?.leftOut ?? message.timings?.left_out ?? 0}
        summarised={answer?.summarised ?? message.timings?.summarised ?? false}
      />
      <Reasoning
        text={answer?.reasoning.text ?? message.reasoning}
        since={seen?.thinkingAt ?? null}
        until={seen?.writingAt ?? null}
        took={message.timings?.reasoning_ms ?? null}
        going={answer !== null && answer.text.length === 0}
      />
      <Written message={message} text={text} steps={answer?.steps ?? message.steps ?? NO_STEPS} writing={writing} />
      {!writing && (message.citations?.length || message.timings?.looked_in) && <Citations message={message} />}
      {!writing && (message.timings?.whole ?? message.timings?.searched) && <Given timings={message.timings} />}
      <Foot message={message} answer={answer} versions={versions} last={last} lostAt={lostAt} />
    </article>
  );
});

interface FootProps extends AnswerMessageProps {
  readonly answer: Answer | null;
  readonly lostAt: number | null;
}

function Foot({ message, answer, versions, last, lostAt }: FootProps) {
  if (answer !== null) {
    return (
      <div className="mt-3">
        <AnswerStatus answer={answer} lostAt={lostAt} />
      </div>
    );
  }
  if (inFlight(message)) return null;
  return (
    <>
      <AnswerEnd message={message} />
      <AnswerActions message={message} versions={versions} last={last} />
    </>
  );
}
