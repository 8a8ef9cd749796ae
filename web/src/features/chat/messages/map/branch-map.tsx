"use client";

import { useEffect, useMemo } from "react";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { Dialog } from "@/ui/dialog";
import { showBranch } from "../../thread/actions";
import { useThread } from "../../thread/store";
import { branch } from "../../thread/tree";
import { fetchOlder } from "../../thread/use-thread";
import { segments } from "./segments";

export interface BranchMapProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** Deeper branches stand no further in, or a phone would have no room for their words. */
const DEEPEST = 6;
const WORDS = 160;

/** All branches of a conversation; a press shows one. */
export function BranchMap({ id, onClose }: BranchMapProps) {
  const t = useT();
  const language = useLanguage();
  const messages = useThread(id, (thread) => thread.messages);
  const leaf = useThread(id, (thread) => thread.leaf);
  const found = useMemo(() => segments(messages), [messages]);
  const shown = useMemo(() => new Set(branch(messages, leaf).map((message) => message.id)), [messages, leaf]);
  useEffect(() => {
    let open = true;
    void (async () => {
      while (open && (await fetchOlder(id)));
    })().catch(() => undefined);
    return () => {
      open = false;
    };
  }, [id]);
  return (
    <Dialog title={t("branch.map")} closeLabel={t("close")} shape="wide" onClose={onClose}>
      <ul className="flex flex-col gap-1">
        {found.map(({ first, count, depth }) => (
          <li key={first.id} style={{ paddingInlineStart: `${Math.min(depth, DEEPEST) * 1.25}rem` }}>
            <button
              type="button"
              aria-current={shown.has(first.id) || undefined}
              onClick={() => {
                showBranch(id, first.id);
                onClose();
              }}
              className="flex w-full flex-col gap-0.5 rounded-lg border-s-2 border-line px-3 py-2 text-start hover:bg-hover aria-current:border-accent aria-current:bg-accent-soft"
            >
              <span dir="auto" className="line-clamp-2 text-sm wrap-anywhere">
                {first.content.slice(0, WORDS) || first.attachments[0]?.name || "…"}
              </span>
              <span className="text-xs text-muted">
                {[
                  t(first.role === "user" ? "message.yours" : "message.answer"),
                  first.model,
                  t("branch.messages", { count }),
                  dateTime(first.created_at, language),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
