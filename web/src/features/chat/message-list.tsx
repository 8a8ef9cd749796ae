"use client";

import { memo, type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Virtualizer } from "virtua";
import type { Message } from "@/lib/api";
import { AnswerMessage } from "./answer-message";
import { useEditing } from "./editing";
import { children, type Messages } from "./tree";
import { UserMessage } from "./user-message";

export interface MessageListProps {
  readonly path: readonly Message[];
  readonly messages: Messages;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** Up to so many messages all are there, so that the browser's own search finds every word; of longer ones only what is in sight. */
const WHOLE = 40;
const AHEAD_PX = 800;
/** What lies above the list, see chat-screen.tsx. */
const ABOVE_PX = 40;

/** The branch that is shown, oldest first. */
export const MessageList = memo(function MessageList({ path, messages, scroller }: MessageListProps) {
  const versions = useMemo(() => versionsOf(path, messages), [path, messages]);
  const grewUpwards = useGrewUpwards(path);
  const [focused, setFocused] = useState<string | null>(null);
  const kept = useKept(path, focused);
  return (
    <div
      onFocusCapture={(event) => setFocused(messageAround(event.target))}
      onBlurCapture={(event) => setFocused(messageAround(event.relatedTarget))}
    >
      <Virtualizer
        scrollRef={scroller}
        startMargin={ABOVE_PX}
        bufferSize={path.length <= WHOLE ? 1e7 : AHEAD_PX}
        shift={grewUpwards}
        keepMounted={kept}
      >
        {path.map((message, index) => {
          const last = index === path.length - 1;
          return (
            <div key={message.id} data-message={message.id} className={last ? "" : "pb-5"}>
              {message.role === "user" ? (
                <UserMessage message={message} versions={versions[index] ?? ONE} />
              ) : (
                <AnswerMessage message={message} versions={versions[index] ?? ONE} last={last} />
              )}
            </div>
          );
        })}
      </Virtualizer>
    </div>
  );
});

const messageAround = (target: EventTarget | null): string | null =>
  target instanceof Element ? (target.closest<HTMLElement>("[data-message]")?.dataset.message ?? null) : null;

/** The places of messages that stay although they are out of sight: the one with the focus, and the one that is edited. */
function useKept(path: readonly Message[], focused: string | null): readonly number[] {
  const edited = useEditing((state) => state.id);
  return useMemo(
    () => path.flatMap((message, index) => (message.id === focused || message.id === edited ? [index] : [])),
    [path, focused, edited],
  );
}

/** Tell whether older messages have just come in front of those that were there: what is read then stays where it is. */
function useGrewUpwards(path: readonly Message[]): boolean {
  const before = useRef(path);
  const first = before.current[0]?.id;
  const grew = path.length > before.current.length && path[0]?.id !== first && path.some(({ id }) => id === first);
  useLayoutEffect(() => {
    before.current = path;
  });
  return grew;
}

const ONE: readonly string[] = [];

/** For each message of the branch the ids of its versions; the same empty list where there is only one. */
function versionsOf(path: readonly Message[], messages: Messages): readonly (readonly string[])[] {
  const below = children(messages);
  return path.map((message) => {
    const same = (below.get(message.parent_id) ?? []).filter((other) => other.role === message.role);
    return same.length < 2 ? ONE : same.map((other) => other.id);
  });
}
