"use client";

import { Pencil } from "lucide-react";
import { memo, useEffect, useState } from "react";
import type { Message } from "@/lib/api";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { CopyButton } from "@/ui/copy-button";
import { Attachments } from "@/ui/files";
import { IconButton } from "@/ui/icon-button";
import { useSought } from "../deep-link/sought";
import { say } from "../thread/actions";
import { BranchArrows } from "./branch-arrows";
import { Bubble } from "./bubble";
import type { EditBoxProps } from "./edit-box";
import { useEditing } from "./editing";
import { SaidAt } from "./said-at";

const EditBox = fetched<EditBoxProps>(() => import("./edit-box").then((module) => module.EditBox));

export interface UserMessageProps {
  readonly message: Message;
  readonly versions: readonly string[];
}

/** What the person said; editing it makes a branch. */
export const UserMessage = memo(function UserMessage({ message, versions }: UserMessageProps) {
  const t = useT();
  const editing = useEditing((state) => state.id === message.id);
  if (editing) {
    return (
      <EditBox
        text={message.content}
        files={message.attachments}
        onCancel={() => useEditing.setState({ id: null })}
        onSend={(text, files) => {
          useEditing.setState({ id: null });
          say(message.conversation_id, text, message.parent_id, files);
        }}
      />
    );
  }
  return (
    <article aria-label={t("message.yours")} className="group/message flex flex-col items-end gap-0.5">
      <Attachments files={message.attachments} />
      <div className="flex w-full items-end justify-end gap-1">
        <div className="flex opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100">
          <SaidAt time={message.created_at} />
          {message.content !== "" && <CopyButton text={message.content} label={t("message.copy")} />}
          <IconButton
            small
            icon={Pencil}
            label={t("message.edit")}
            onClick={() => useEditing.setState({ id: message.id })}
          />
        </div>
        {message.content !== "" && <Long id={message.id} text={message.content} />}
      </div>
      <BranchArrows conversationId={message.conversation_id} versions={versions} shown={message.id} />
    </article>
  );
});

const LONG = 2_000;

function Long({ id, text }: { readonly id: string; readonly text: string }) {
  const t = useT();
  const sought = useSought((state) => state.id === id);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (sought) setOpen(true);
  }, [sought]);
  if (text.length <= LONG || open) return <Bubble text={text} />;
  return (
    <Bubble text={`${text.slice(0, LONG)}…`}>
      <button
        type="button"
        className="mt-2 block text-sm font-medium text-accent underline"
        onClick={() => setOpen(true)}
      >
        {t("message.showAll")}
      </button>
    </Bubble>
  );
}
