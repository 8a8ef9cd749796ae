import { type RefObject, useEffect, useRef } from "react";
import type { Message } from "@/lib/api";
import { useSought } from "../deep-link/sought";
import { AnswerMessage } from "./answer/answer-message";
import { Day } from "./day";
import { UserMessage } from "./user-message";

export interface ListProps {
  readonly path: readonly Message[];
  /** For each message the ids of its versions. */
  readonly versions: readonly (readonly string[])[];
  /** For each message the time of the day that begins with it. */
  readonly days: readonly (string | null)[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Let go of the end of the list. */
  readonly leave: () => void;
}

export interface MessageRowProps {
  readonly message: Message;
  readonly versions: readonly string[] | undefined;
  readonly last: boolean;
  /** The time of the day that begins with it; null where it goes on. */
  readonly day: string | null | undefined;
}

const ONE: readonly string[] = [];

/** One message of the branch, with the space to the next. */
export function MessageRow({ message, versions = ONE, last, day }: MessageRowProps) {
  const sought = useSought(({ id, state }) => (id === message.id ? state : null));
  const row = useRef<HTMLDivElement>(null);
  const marked = sought === "marked";
  // Who came by the keyboard or hears the page goes on from here.
  useEffect(() => (marked ? focusSoon(row.current) : undefined), [marked]);
  return (
    <div
      ref={row}
      data-message={message.id}
      data-marked={marked || undefined}
      tabIndex={sought === null ? undefined : -1}
      className={`message-row scroll-mt-10 ${last ? "" : "pb-5"}`}
    >
      {day && <Day time={day} />}
      {message.role === "user" ? (
        <UserMessage message={message} versions={versions} />
      ) : (
        <AnswerMessage message={message} versions={versions} last={last} />
      )}
    </div>
  );
}

/** Give an element the focus as soon as it can have it: a long list hides what it has not measured. Returns how to give up. */
function focusSoon(element: HTMLElement | null): () => void {
  let frame = 0;
  const attempt = () => {
    element?.focus({ preventScroll: true });
    if (document.activeElement !== element) frame = requestAnimationFrame(attempt);
  };
  attempt();
  return () => cancelAnimationFrame(frame);
}
