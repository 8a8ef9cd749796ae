"use client";

import { memo, type RefObject, useMemo, useState } from "react";
import type { Message } from "@/lib/api";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { Skeleton } from "@/ui/skeleton";
import { useArrival } from "../deep-link/use-arrival";
import { children, type Messages } from "../thread/tree";
import { daysOf } from "./days";
import { type ListProps, MessageRow } from "./message-row";

export interface MessageListProps {
  readonly path: readonly Message[];
  readonly messages: Messages;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly leave: () => void;
}

/** Up to so many messages all are there, so that the browser's own search finds every word; of longer ones only what is in sight. */
const WHOLE = 40;
/** A list that grows by what is said in it stays whole for longer: what one is in the middle of stays as it is. */
const GROWN = 160;

/** Fetched when a conversation is long; where it can't be had, all messages are there. */
const LongList = fetched<ListProps>(
  () =>
    import("./long-list").then(
      (module) => module.LongList,
      () => WholeList,
    ),
  Waiting,
);

/** The branch that is shown, oldest first. */
export const MessageList = memo(function MessageList({ path, messages, scroller, leave }: MessageListProps) {
  const versions = useMemo(() => versionsOf(path, messages), [path, messages]);
  const days = useMemo(() => daysOf(path), [path]);
  const list = { path, versions, days, scroller, leave };
  if (!useLong(path.length)) return <WholeList {...list} />;
  return <LongList {...list} />;
});

function Waiting() {
  const t = useT();
  return <Skeleton lines={7} label={t("loading")} />;
}

function WholeList({ path, versions, days, scroller, leave }: ListProps) {
  useArrival(path, leave, (index) => {
    const row = scroller.current?.querySelector(`[data-message="${path[index]?.id}"]`);
    row?.scrollIntoView({ block: "start" });
  });
  return path.map((message, index) => (
    <MessageRow
      key={message.id}
      message={message}
      versions={versions[index]}
      last={index === path.length - 1}
      day={days[index]}
    />
  ));
}

/** Tell whether the list is too long to be there as a whole; once it is, it stays so. */
function useLong(length: number): boolean {
  const [was, setWas] = useState({ length: 0, long: false });
  if (was.length === length) return was.long;
  const most = length - was.length <= 2 ? GROWN : WHOLE;
  const now = { length, long: was.long || length > most };
  setWas(now);
  return now.long;
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
