"use client";

import { memo, startTransition, useEffect, useMemo, useState } from "react";
import type { Message } from "@/lib/api";
import { AnswerMessage } from "./answer-message";
import { children, type Messages } from "./tree";
import { UserMessage } from "./user-message";

export interface MessageListProps {
  readonly path: readonly Message[];
  readonly messages: Messages;
}

/** How many messages are made at a time: the newest at once, the rest upwards in the browser's free moments. */
const STEP = 16;

/** The branch that is shown, oldest first. What is out of sight costs no layout. */
export const MessageList = memo(function MessageList({ path, messages }: MessageListProps) {
  const versions = useMemo(() => versionsOf(path, messages), [path, messages]);
  const [made, setMade] = useState(STEP);
  useEffect(() => {
    if (made < path.length) startTransition(() => setMade(made + STEP));
  }, [made, path.length]);
  const from = Math.max(0, path.length - made);
  return path.slice(from).map((message, at) => {
    const index = from + at;
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
