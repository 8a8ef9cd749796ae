"use client";

import { CircleAlert } from "lucide-react";
import type { Message } from "@/lib/api";
import { type Key, useT } from "@/lib/i18n";
import { GoOn } from "./go-on";

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

/** Why there is no answer, or only a part of one. */
export function Failure({ message }: { readonly message: Message }) {
  const t = useT();
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
