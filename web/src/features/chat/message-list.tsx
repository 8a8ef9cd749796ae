"use client";

import { memo, useMemo } from "react";
import type { Message } from "@/lib/api";
import { AnswerMessage } from "./answer-message";
import { children, type Messages } from "./tree";
import { UserMessage } from "./user-message";

export interface MessageListProps {
  readonly path: readonly Message[];
  readonly messages: Messages;
}

/** The branch that is shown, oldest first. What is out of sight costs no layout. */
export const MessageList = memo(function MessageList({ path, messages }: MessageListProps) {
  const versions = useMemo(() => versionsOf(path, messages), [path, messages]);
  return path.map((message, index) => {
    const last = index === path.length - 1;
    return (
      <div
        key={message.id}
        data-message={message.id}
        className={last ? "" : "[contain-intrinsic-size:auto_12rem] [content-visibility:auto]"}
      >
        {message.role === "user" ? (
          <UserMessage message={message} versions={versions[index] ?? ONE} />
        ) : (
          <AnswerMessage message={message} versions={versions[index] ?? ONE} last={last} />
        )}
      </div>
    );
  });
});

const ONE: readonly string[] = [];

/** For each message of the branch the ids of its versions; the same empty list where there is only one. */
function versionsOf(path: readonly Message[], messages: Messages): readonly (readonly string[])[] {
  const below = children(messages);
  return path.map((message) => {
    const same = (below.get(message.parent_id) ?? []).filter((other) => other.role === message.role);
    return same.length < 2 ? ONE : same.map((other) => other.id);
  });
}
