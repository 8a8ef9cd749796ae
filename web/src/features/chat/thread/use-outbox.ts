"use client";

import { useEffect } from "react";
import { adoptRows, type Row, showOpen } from "@/lib/outbox";
import { chatPath } from "@/lib/route";
import { retry, retryFailed, sendNext } from "./actions";
import { NEW, threadOf, update, useThreads } from "./store";
import { sayingOf, setOwner } from "./unsent";

/** The server may be back although the network never went. */
const AGAIN_MS = 15_000;

let shown = false;

/** Send what was said and not taken, in whatever conversation and tab, as soon as there is a way: once for the page of a person. */
export function useOutbox(userId: string): void {
  useEffect(() => {
    setOwner(userId);
    if (!shown) showOpen();
    shown = true;
    const send = () => {
      if (navigator.onLine) retryFailed();
      void adoptRows(userId, inHand()).then((rows) => rows.forEach(takeIn));
    };
    send();
    const timer = setInterval(send, AGAIN_MS);
    addEventListener("online", send);
    return () => {
      clearInterval(timer);
      removeEventListener("online", send);
    };
  }, [userId]);
}

const inHand = (): ReadonlySet<string> =>
  new Set(Object.values(useThreads.getState().threads).flatMap(({ sayings }) => sayings.map(({ key }) => key)));

/** A conversation that is looked at sends what waits when it knows whether it is being answered. */
const isOpen = (chat: string): boolean => location.pathname === chatPath(chat);

/** Show a saying in its conversation and send it, unless it waits behind another or was refused. */
function takeIn(row: Row): void {
  const saying = sayingOf(row);
  const { sayings } = threadOf(row.chat);
  if (sayings.some(({ key }) => key === saying.key)) return;
  const first = row.chat === NEW ? !sayings.some(({ key }) => key === saying.follows) : sayings.length === 0;
  update(row.chat, (thread) => ({ ...thread, sayings: [...thread.sayings, saying] }));
  if (saying.state === "sending" || (saying.state === "waiting" && first && !isOpen(row.chat)))
    retry(row.chat, saying.key);
  else if (threadOf(row.chat).loaded) sendNext(row.chat);
}
