"use client";

import { RotateCw } from "lucide-react";
import type { Attachment } from "@/lib/api/files";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Attachments } from "@/ui/files";
import { discard, retry, stopAndSend } from "../thread/actions";
import type { Saying } from "../thread/thread";
import { Bubble } from "./bubble";

export interface SayingsProps {
  readonly conversationId: string;
  readonly sayings: readonly Saying[];
  readonly answering: boolean;
  readonly onTakeBack: (text: string, files: readonly Attachment[]) => void;
}

/** What was said here and is not taken yet: on its way, waiting for its turn, or refused. */
export function Sayings({ conversationId, sayings, answering, onTakeBack }: SayingsProps) {
  return sayings.map((saying, index) => (
    <article key={saying.key} className="mt-5 flex flex-col items-end gap-2">
      <Attachments files={saying.attachments} faint={saying.state !== "sending"} />
      {saying.content !== "" && <Bubble text={saying.content} faint={saying.state !== "sending"} />}
      {saying.state !== "sending" && (
        <Choice
          saying={saying}
          first={index === 0}
          answering={answering}
          onRetry={() => retry(conversationId, saying.key)}
          onStopAndSend={() => void stopAndSend(conversationId)}
          onTakeBack={() => {
            discard(conversationId, saying.key);
            onTakeBack(saying.content, saying.attachments);
          }}
        />
      )}
    </article>
  ));
}

interface ChoiceProps {
  readonly saying: Saying;
  readonly first: boolean;
  readonly answering: boolean;
  readonly onRetry: () => void;
  readonly onStopAndSend: () => void;
  readonly onTakeBack: () => void;
}

function Choice({ saying, first, answering, onRetry, onStopAndSend, onTakeBack }: ChoiceProps) {
  const t = useT();
  const failed = saying.state === "failed";
  return (
    <div className="flex flex-wrap items-center justify-end gap-2 text-sm" role={failed ? "alert" : "status"}>
      <span className={failed ? "text-danger" : "text-muted"}>
        {saying.error !== null ? wordsFor(saying.error, t) : t(!failed && answering ? "saying.next" : "saying.unsent")}
      </span>
      <Button small look="quiet" onClick={onTakeBack}>
        {t("saying.takeBack")}
      </Button>
      {failed && (
        <Button small onClick={onRetry}>
          <RotateCw aria-hidden className="size-4" />
          {t("tryAgain")}
        </Button>
      )}
      {!failed && first && (
        <Button small onClick={answering ? onStopAndSend : onRetry}>
          {t(answering ? "saying.stopAndSend" : "saying.now")}
        </Button>
      )}
    </div>
  );
}
