/** Keep a conversation's thread true: fetch its messages, follow its stream. */

"use client";

import { useEffect, useRef } from "react";
import useSWR, { preload } from "swr";
import * as api from "@/lib/api";
import { patchShown, readConversation, takeAnswered } from "@/lib/data";
import { type Connection, followConversation, perFrame, type StreamEvent } from "@/lib/stream";
import { prepareMarkdown } from "@/ui/markdown";
import { afterClosing, sendNext } from "./actions";
import type { Want } from "./answer";
import { threadOf, update } from "./store";
import { behind, isAnswering, merged, type Thread, told } from "./thread";

interface Arrived {
  readonly event: StreamEvent;
  readonly id: string | null;
}

const messagesKey = (id: string) => `${api.conversationPath(id)}/messages`;

/** Fetch the newest messages of a conversation and put them into its thread. */
export function useMessages(id: string | null) {
  return useSWR(id === null ? null : messagesKey(id), () => fetchNewest(id ?? ""), {
    revalidateOnFocus: false,
    shouldRetryOnError: (error) => api.passing(error),
  });
}

/** Begin to fetch what a conversation shows before it is shown. */
export function prepareChat(id: string): void {
  prepareMarkdown();
  const asked = [
    preload(messagesKey(id), () => fetchNewest(id)),
    preload(api.conversationPath(id), () => readConversation(id)),
  ];
  for (const each of asked) each.catch(() => undefined);
}

/** Not in SWR's onSuccess: that is left out when another conversation is shown meanwhile, and nobody asks again for this one. */
async function fetchNewest(id: string): Promise<api.MessagePage> {
  const page = await readNewest(id);
  const last = behind(threadOf(id)) ? await readNewest(id) : page;
  sendNext(id);
  return last;
}

async function readNewest(id: string): Promise<api.MessagePage> {
  const { messages } = threadOf(id);
  const page = takeAnswered<api.MessagePage>(api.messagesPath(id)) ?? (await api.messages(id));
  update(id, (thread) => merged(thread, page, "newest", messages));
  return page;
}

const fetching = new Map<string, Promise<boolean>>();

/** Fetch a page of older messages, once for all who ask; true when there was one. */
export function fetchOlder(id: string): Promise<boolean> {
  const known = fetching.get(id);
  if (known) return known;
  const fetched = fetchPage(id).finally(() => fetching.delete(id));
  fetching.set(id, fetched);
  return fetched;
}

async function fetchPage(id: string): Promise<boolean> {
  const { older } = threadOf(id);
  if (older === null) return false;
  const page = await api.messages(id, older);
  update(id, (thread) => merged({ ...thread, older: page.next_cursor }, page, "older"));
  return true;
}

/** Follow the conversation's stream while the component is there. */
export function useFollow(id: string | null, refetch: () => Promise<unknown>): void {
  const latest = useRef(refetch);
  latest.current = refetch;
  useEffect(() => {
    if (id === null) return;
    const fetchAgain = oneAtATime(() => latest.current());
    const batch = perFrame<Arrived>((arrived) => {
      const wants = takeIn(id, arrived);
      if (wants.has("restart")) connection.restart();
      if (wants.has("messages") || arrived.some(({ event }) => event.kind === "snapshot" && behind(threadOf(id))))
        fetchAgain();
    });
    const connection: Connection = followConversation(id, {
      onEvents: (events, eventId) => batch.add(events.map((event) => ({ event, id: eventId }))),
      onLink: (link) => {
        const wasLost = threadOf(id).lostAt !== null;
        const thread = update(id, (before) => linked(before, link, Date.now()));
        // A Redis that went on as its replica may have forgotten the answer's end; who resumes before that is told nothing more.
        if (wasLost && thread.lostAt === null && isAnswering(thread)) fetchAgain();
      },
      needed: () => isAnswering(threadOf(id)) || threadOf(id).sayings.length > 0,
      renew: () => api.me().then(() => true),
      from: beginning(threadOf(id)),
    });
    return () => {
      batch.cancel();
      connection.close();
    };
  }, [id]);
}

/** Where the log of a conversation stood that was begun here and not followed yet: from there on it has everything. */
const beginning = (thread: Thread): string | null =>
  thread.link === "connecting" && thread.snapshotId === null && thread.begun ? thread.logId : null;

/** Run one fetch at a time; however often it is asked for meanwhile, it runs once more. */
function oneAtATime(work: () => Promise<unknown>): () => void {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    do {
      again = false;
      await work().catch(() => undefined);
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}

/** Tell the thread all that arrived since the last frame, in one change. */
function takeIn(id: string, arrived: readonly Arrived[]): ReadonlySet<Want> {
  const wants = new Set<Want>();
  const now = Date.now();
  const wasAnswering = isAnswering(threadOf(id));
  const thread = update(id, (before) =>
    arrived.reduce((thread, { event, id: eventId }) => {
      const next = told(thread, event, now);
      wants.add(next.want);
      return event.kind === "snapshot" && eventId !== null ? { ...next.thread, snapshotId: eventId } : next.thread;
    }, before),
  );
  for (const { event } of arrived) {
    if (event.kind === "title") patchShown(event.conversation_id, { title: event.title });
    if (event.kind === "message_deleted") patchShown(id, { active_leaf_id: event.active_leaf_id });
  }
  if (wasAnswering && thread.answer?.closed) {
    patchShown(id, { answering: false });
    afterClosing(id, thread.answer.status);
  }
  return wants;
}

const linked = (thread: Thread, link: Thread["link"], now: number): Thread => ({
  ...thread,
  link,
  lostAt: link === "open" ? null : link === "lost" ? (thread.lostAt ?? now) : thread.lostAt,
});
