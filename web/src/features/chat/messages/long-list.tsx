"use client";

import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { Message } from "@/lib/api";
import { useArrival } from "../deep-link/use-arrival";
import { useEditing } from "./editing";
import { type ListProps, MessageRow } from "./message-row";

const AHEAD_PX = 800;
/** What lies above the list, see chat-screen.tsx. */
const ABOVE_PX = 40;

/** Many messages, of which only those in sight are elements. */
export function LongList({ path, versions, days, scroller, leave }: ListProps) {
  const list = useRef<VirtualizerHandle>(null);
  useArrival(path, leave, (index) => list.current?.scrollToIndex(index, { align: "start", offset: -ABOVE_PX }));
  const grewUpwards = useGrewUpwards(path);
  const [focused, setFocused] = useState<string | null>(null);
  const kept = useKept(path, focused);
  return (
    <div
      onFocusCapture={(event) => setFocused(messageAround(event.target))}
      onBlurCapture={(event) => setFocused(messageAround(event.relatedTarget))}
    >
      <Virtualizer
        ref={list}
        scrollRef={scroller}
        startMargin={ABOVE_PX}
        bufferSize={AHEAD_PX}
        shift={grewUpwards}
        keepMounted={kept}
      >
        {path.map((message, index) => (
          <MessageRow
            key={message.id}
            message={message}
            versions={versions[index]}
            last={index === path.length - 1}
            day={days[index]}
          />
        ))}
      </Virtualizer>
    </div>
  );
}

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
