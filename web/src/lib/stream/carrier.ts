/**
 * One connection for all tabs of a browser, which has six for a host: it carries the person's own log and every conversation that a tab
 * follows. It lives in a SharedWorker; where there is none, each tab has one of its own.
 */

import { randomName } from "../random";
import type { Frame, FromCarrier, Link, Steer, ToCarrier } from "./protocol";
import { wireOf } from "./wire";

type Post = (message: FromCarrier) => void;

interface Tab {
  readonly post: Post;
  awake: boolean;
  events: boolean;
  seenAt: number;
}

interface Strand {
  readonly name: string;
  readonly tab: Tab;
  /** null until it has begun. */
  conversation: string | null;
  after: string | null;
  /** Whether the open stream was told to carry it, whether it does, and by when it has to say so. */
  told: boolean;
  heard: boolean;
  due: number | null;
}

/** What fits an address; the rest is told when the stream is open. */
const IN_ADDRESS = 40;
/** A stream that was steered and does not follow has gone, though its wire may not know it yet. */
const STEERED_MS = 10_000;
/** A tab says every few seconds that it is there, a hidden one once a minute. One that died says nothing. */
const GONE_MS = 180_000;
const LEAVE_MS = 1_000;

/** Begin to carry. Returns how a tab comes aboard: it gives what hears, and gets what speaks. */
export function carrier(): (post: Post) => (message: ToCarrier) => void {
  const tabs = new Set<Tab>();
  const strands = new Map<string, Strand>();
  let leaving: string[] = [];
  let stream = "";
  let now = "";
  let lastId: string | null = null;
  let link: Link = "connecting";
  let running = false;

  const wire = wireOf({
    url: () => {
      stream = randomName();
      now = "";
      leaving = [];
      const known = [...strands.values()].filter((one) => one.conversation !== null);
      for (const one of known) Object.assign(one, { told: false, heard: false, due: null });
      const query = new URLSearchParams({ stream });
      if (lastId !== null) query.set("after", lastId);
      for (const one of known.slice(0, IN_ADDRESS)) {
        query.append("strand", [one.name, one.conversation, ...(one.after === null ? [] : [one.after])].join("."));
        one.told = true;
      }
      return `/api/events?${query}`;
    },
    onFrame: ({ kind, data, id }) => {
      if (kind === "strand") heard((JSON.parse(data) as { readonly strand: string }).strand);
      else deliver({ kind, data, id });
    },
    onLink: (changed) => {
      link = changed;
      for (const tab of tabs) tab.post({ type: "link", link });
      if (link === "open") steer();
    },
    onRefused: () => [...tabs].find((tab) => tab.awake)?.post({ type: "refused" }),
  });

  const heard = (name: string) => {
    now = name;
    const strand = strands.get(name);
    if (strand !== undefined) Object.assign(strand, { heard: true, due: null });
  };
  const deliver = (frame: Frame) => {
    if (now !== "") {
      const strand = strands.get(now);
      if (strand === undefined) return;
      if (frame.id !== null) strand.after = frame.id;
      return strand.tab.post({ type: "frame", strand: now, frame });
    }
    if (frame.id !== null) lastId = frame.id;
    if (frame.kind === "ping") return;
    for (const tab of tabs) if (tab.events) tab.post({ type: "frame", strand: "", frame });
  };

  /** Tell the stream of what it does not carry yet, and of what nobody follows any more. */
  const steer = () => {
    if (!wire.isOpen()) return;
    const untold = [...strands.values()].filter((one) => one.conversation !== null && !one.told);
    const speaker = untold[0]?.tab ?? [...tabs].find((tab) => tab.awake);
    if (speaker === undefined || (untold.length === 0 && leaving.length === 0)) return;
    const follow: Steer["follow"] = untold.map(({ name, conversation, after }) => ({
      strand: name,
      conversation_id: conversation ?? "",
      after,
    }));
    for (const one of untold) Object.assign(one, { told: true, due: Date.now() + STEERED_MS });
    speaker.post({ type: "steer", stream, steer: { follow, leave: leaving } });
    leaving = [];
  };
  const keep = (name: string, tab: Tab): Strand => {
    const strand = { name, tab, conversation: null, after: null, told: false, heard: false, due: null };
    strands.set(name, strand);
    return strand;
  };
  const follow = (strand: Strand, conversation: string, after: string | null, carriedBy?: string) => {
    if (strand.conversation !== null) return;
    strand.conversation = conversation;
    strand.after ??= after;
    strand.told = carriedBy === stream && wire.isOpen();
    if (strand.told && !strand.heard) strand.due = Date.now() + STEERED_MS;
    steer();
  };
  const leave = (name: string) => {
    const strand = strands.get(name);
    strands.delete(name);
    if (!strand?.told && !strand?.heard) return;
    leaving.push(name);
    setTimeout(steer, LEAVE_MS);
  };
  const forget = (tab: Tab) => {
    tabs.delete(tab);
    for (const one of [...strands.values()]) if (one.tab === tab) leave(one.name);
    run();
  };
  /** The connection is there while somebody needs it. */
  const run = () => {
    if (![...tabs].some((tab) => tab.events)) lastId = null;
    const wanted = [...tabs].some((tab) => tab.awake);
    if (wanted && !running) wire.open();
    if (!wanted && running) wire.hush();
    running = wanted;
  };
  const look = () => {
    const clock = Date.now();
    for (const tab of [...tabs]) if (clock - tab.seenAt > GONE_MS) forget(tab);
    if ([...strands.values()].some((one) => one.due !== null && clock > one.due)) wire.again(true);
  };
  setInterval(look, LEAVE_MS);

  return (post) => {
    const tab: Tab = { post, awake: false, events: false, seenAt: Date.now() };
    return (message) => {
      tab.seenAt = Date.now();
      switch (message.type) {
        case "here": {
          const knows = tabs.has(tab);
          tabs.add(tab);
          tab.awake = message.awake;
          tab.events = message.events;
          run();
          post({ type: "here", link, knows });
          return wire.look();
        }
        case "bye":
          return forget(tab);
        case "reserve":
          keep(message.strand, tab);
          return post({ type: "reserved", strand: message.strand, stream: wire.isOpen() ? stream : null });
        case "follow":
          return follow(
            strands.get(message.strand) ?? keep(message.strand, tab),
            message.conversation,
            message.after,
            message.stream,
          );
        case "leave":
          return leave(message.strand);
        case "reopen":
          if (running) wire.again(message.soon);
      }
    };
  };
}
