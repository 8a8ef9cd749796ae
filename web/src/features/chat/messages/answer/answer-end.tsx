"use client";

import { CircleAlert, Play, RotateCw } from "lucide-react";
import type { Message } from "@/lib/api";
import { type Key, useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { goOn, regenerate } from "../../thread/actions";
import { TEMPORARY } from "../../thread/store";
import { remark } from "./remark";

const WORDS: Readonly<Record<string, Key>> = {
  engine_unavailable: "failure.engineUnavailable",
  model_not_found: "failure.modelNotFound",
  image_rejected: "failure.imageRejected",
  request_rejected: "failure.requestRejected",
  context_too_long: "failure.contextTooLong",
  stream_interrupted: "failure.interrupted",
  answer_unreadable: "failure.answerUnreadable",
  content_rejected: "failure.contentRejected",
  engine_access_denied: "failure.accessDenied",
  engine_failed: "failure.engineFailed",
  engine_out_of_memory: "failure.outOfMemory",
  engine_quota_spent: "failure.quotaSpent",
  model_unloaded: "failure.modelUnloaded",
};

/** How an answer ended when it did not end by itself, with the one sensible button. */
export function AnswerEnd({ message }: { readonly message: Message }) {
  const t = useT();
  if (message.status === "stopped") {
    return (
      <div className="mt-3 flex items-center gap-3 text-sm text-muted">
        <span>{t("answer.stopped")}</span>
        <GoOn message={message} />
      </div>
    );
  }
  if (message.status !== "failed") return <Remark message={message} />;
  const code = message.error?.code ?? "";
  const known = WORDS[code];
  return (
    <div role="alert" className="mt-3 flex flex-wrap items-center gap-3 rounded-xl bg-danger-soft px-4 py-3 text-sm">
      <CircleAlert aria-hidden className="size-5 shrink-0 text-danger" />
      <p className="min-w-48 flex-1">
        <span className="font-medium">
          {known ? t(known, { model: message.model ?? "" }) : (message.error?.title ?? t("failure.unknown"))}
        </span>
        {message.error?.detail && <span className="block text-muted">{message.error.detail}</span>}
      </p>
      <GoOn message={message} />
    </div>
  );
}

function Remark({ message }: { readonly message: Message }) {
  const t = useT();
  const key = remark(message);
  if (key === null) return null;
  return (
    <p className="mt-3 text-sm text-muted" data-message={message.id}>
      {t(key, { model: message.model ?? "" })}
    </p>
  );
}

/** Continue where there is text, try again where there is none or where nothing is kept that could be continued. */
function GoOn({ message }: { readonly message: Message }) {
  const t = useT();
  const { conversation_id: id } = message;
  if (message.content === "" || id === TEMPORARY) {
    return (
      <Button small onClick={() => void regenerate(id, message.id)}>
        <RotateCw aria-hidden className="size-4" />
        {t("tryAgain")}
      </Button>
    );
  }
  return (
    <Button small onClick={() => void goOn(id, message.id)}>
      <Play aria-hidden className="size-4 rtl:-scale-x-100" />
      {t("continue")}
    </Button>
  );
}
