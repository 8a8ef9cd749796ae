"use client";

import type { Message } from "@/lib/api";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { GoOn } from "./go-on";
import { remark } from "./remark";

const Failure = fetched<{ readonly message: Message }>(() => import("./failure").then((module) => module.Failure));

/** How an answer ended when it did not end by itself, with the one sensible button. */
export function AnswerEnd({ message }: { readonly message: Message }) {
  const t = useT();
  if (message.status === "failed") return <Failure message={message} />;
  if (message.status !== "stopped") return <Remark message={message} />;
  return (
    <div className="mt-3 flex items-center gap-3 text-sm text-muted">
      <span>{t("answer.stopped")}</span>
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
