"use client";

import { Ellipsis, GitBranch, Link, RefreshCw, ThumbsDown, ThumbsUp, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Message } from "@/lib/api";
import { copyText } from "@/lib/browser/clipboard";
import { useModels } from "@/lib/data";
import { fetched } from "@/lib/fetched";
import { type Translate, useT } from "@/lib/i18n";
import { messagePath } from "@/lib/route";
import { CopyButton } from "@/ui/copy-button";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { toast } from "@/ui/toasts";
import { fork, rate, regenerate, remove } from "../../thread/actions";
import { TEMPORARY } from "../../thread/store";
import { BranchArrows } from "../branch-arrows";
import { SaidAt } from "../said-at";

const Facts = fetched<{ readonly message: Message }>(() => import("./facts").then((module) => module.Facts));

export interface AnswerActionsProps {
  readonly message: Message;
  readonly versions: readonly string[];
  readonly last: boolean;
}

/** What can be done with a finished answer. */
export function AnswerActions({ message, versions, last }: AnswerActionsProps) {
  const t = useT();
  const quiet = last
    ? ""
    : "opacity-0 group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100";
  return (
    <div className="mt-2 -ms-2 flex min-h-8 flex-wrap items-center">
      <div className={`flex items-center transition-opacity ${quiet}`}>
        <CopyButton text={message.content} label={t("answer.copy")} />
        {message.conversation_id !== TEMPORARY && <Thumbs message={message} />}
        <Again message={message} />
        <More message={message} />
        <SaidAt time={message.finished_at ?? message.created_at} />
      </div>
      <BranchArrows conversationId={message.conversation_id} versions={versions} shown={message.id} />
    </div>
  );
}

const THUMBS = [
  { thumb: "up", icon: ThumbsUp, label: "answer.up" },
  { thumb: "down", icon: ThumbsDown, label: "answer.down" },
] as const;

function Thumbs({ message }: { readonly message: Message }) {
  const t = useT();
  return THUMBS.map(({ thumb, icon, label }) => {
    const given = message.feedback === thumb;
    return (
      <IconButton
        key={thumb}
        small
        icon={icon}
        label={t(label)}
        aria-pressed={given}
        className={given ? "text-accent [&_svg]:fill-accent-soft" : ""}
        onClick={() => void rate(message, given ? null : thumb)}
      />
    );
  });
}

function Again({ message }: { readonly message: Message }) {
  const t = useT();
  const { data, mutate } = useModels();
  const id = message.conversation_id;
  const others = (data?.items ?? []).filter((model) => model.state !== "down");
  return (
    <Menu
      label={t("answer.again")}
      items={[
        { label: t("answer.again"), icon: RefreshCw, onSelect: () => void regenerate(id, message.id) },
        ...(others.length > 1 ? (["line"] as const) : []),
        ...(others.length > 1
          ? others.map((model) => ({ label: model.name, onSelect: () => void regenerate(id, message.id, model.name) }))
          : []),
      ]}
      trigger={({ onClick, ...props }) => (
        <IconButton
          small
          icon={RefreshCw}
          label={t("answer.again")}
          {...props}
          onClick={(event) => {
            onClick(event);
            void mutate();
          }}
        />
      )}
    />
  );
}

function More({ message }: { readonly message: Message }) {
  const t = useT();
  const [facts, setFacts] = useState(false);
  return (
    <>
      <Menu
        label={t("more")}
        items={[
          ...(message.conversation_id === TEMPORARY ? [] : [linkOf(message, t), forkOf(message, t)]),
          { label: t(facts ? "answer.hideFacts" : "answer.facts"), onSelect: () => setFacts(!facts) },
          "line",
          {
            label: t("answer.delete"),
            icon: Trash2,
            danger: true,
            onSelect: () => void remove(message.conversation_id, message.id),
          },
        ]}
        trigger={(props) => <IconButton small icon={Ellipsis} label={t("more")} {...props} />}
      />
      {facts && <Facts message={message} />}
    </>
  );
}

const linkOf = ({ conversation_id, id }: Message, t: Translate) => ({
  label: t("find.copyLink"),
  icon: Link,
  onSelect: () => void copyText(location.origin + messagePath(conversation_id, id)).then(() => toast(t("copy.done"))),
});

const forkOf = ({ conversation_id, id }: Message, t: Translate) => ({
  label: t("answer.fork"),
  icon: GitBranch,
  onSelect: () => void fork(conversation_id, id),
});
