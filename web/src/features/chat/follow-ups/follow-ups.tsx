"use client";

import { Paperclip, Pencil, X } from "lucide-react";
import useSWR from "swr";
import * as api from "@/lib/api";
import type { Attachment } from "@/lib/api/files";
import { followUps, followUpsPath, sendNow, takeBack } from "@/lib/api/follow-ups";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toasts";

export interface FollowUpsProps {
  readonly id: string;
  /** Rises whenever what waits may have changed. */
  readonly waits: number;
  readonly answering: boolean;
  readonly onTakeBack: (text: string, files: readonly Attachment[]) => void;
}

/** What was said while an answer is written and waits on the server, over the composer of each device. */
export function FollowUps({ id, waits, answering, onTakeBack }: FollowUpsProps) {
  const t = useT();
  // An answer that ends may have been stopped, and what waits is held then.
  const { data = [], mutate } = useSWR([followUpsPath(id), waits, answering], () => followUps(id), {
    revalidateOnFocus: false,
    keepPreviousData: true,
    shouldRetryOnError: (error) => api.passing(error),
  });
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      toast(api.hasCode(error, "not_found") ? t("followUps.gone") : wordsFor(error, t), { tone: "danger" });
    }
    void mutate();
  };
  const take = async (taken: api.FollowUp) => {
    void mutate(
      data.filter((each) => each !== taken),
      { revalidate: false },
    );
    return takeBack(id, taken.id);
  };
  if (data.length === 0) return null;
  return (
    <ul aria-label={t("followUps.label")} className="mb-2 flex max-h-[30dvh] flex-col gap-1.5 overflow-y-auto">
      {data.map((each) => (
        <Waiting
          key={each.id}
          {...{ each, answering }}
          onNow={() => void attempt(() => sendNow(id, each.id))}
          onDrop={() => void attempt(async () => void (await take(each)))}
          onEdit={() =>
            void attempt(async () => {
              const { content, attachments } = await take(each);
              onTakeBack(content, attachments);
            })
          }
        />
      ))}
    </ul>
  );
}

interface WaitingProps {
  readonly each: api.FollowUp;
  readonly answering: boolean;
  readonly onNow: () => void;
  readonly onEdit: () => void;
  readonly onDrop: () => void;
}

function Waiting({ each, answering, onNow, onEdit, onDrop }: WaitingProps) {
  const t = useT();
  const why = { waiting: "saying.next", asked: "saying.next", held: "followUps.held", refused: "followUps.refused" };
  return (
    <li className="flex flex-wrap items-center gap-x-2 rounded-2xl border border-line bg-sunken py-1 ps-4 pe-1.5">
      <div className="min-w-40 flex-1 py-1">
        <p dir="auto" className="line-clamp-2 text-sm break-words">
          {each.content}
          {each.attachments.length > 0 && (
            <span className="inline-flex items-center gap-1 ps-2 text-muted">
              <Paperclip aria-hidden className="size-3.5" />
              {each.attachments.length}
            </span>
          )}
        </p>
        <p className={`text-xs ${each.state === "refused" ? "text-danger" : "text-muted"}`}>
          {t(why[each.state] as "saying.next", { why: each.error?.detail ?? "" })}
        </p>
      </div>
      <div className="ms-auto flex items-center">
        <Button small onClick={onNow}>
          {t(answering ? "saying.stopAndSend" : "saying.now")}
        </Button>
        <IconButton small icon={Pencil} label={t("followUps.edit")} onClick={onEdit} />
        <IconButton small icon={X} label={t("followUps.drop")} onClick={onDrop} />
      </div>
    </li>
  );
}
