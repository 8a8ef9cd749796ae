/**
 * One event stream that stays open: it resumes by id, notices a dead wire by the missing heartbeat, and comes back
 * with growing pauses. EventSource alone would retry at its own pace and give up at the first refusal.
 */

import { KINDS, parseEvent, type StreamEvent } from "./events";

export type Link = "connecting" | "open" | "lost";

export interface Follower {
  readonly onEvents: (events: readonly StreamEvent[], id: string | null) => void;
  readonly onLink?: (link: Link) => void;
  /** A hidden tab lets go of its connection (a browser has six for all tabs) unless this says that it is needed. */
  readonly needed?: () => boolean;
  /** The id of the last event that is known already; null begins with a snapshot. */
  readonly from?: string | null;
  /** Renew the session before the next try; false ends the connection. Called after a refused one. */
  readonly renew?: () => Promise<boolean>;
}

export interface Connection {
  /** Drop the position and start from a snapshot. */
  readonly restart: () => void;
  readonly close: () => void;
}

/** Pings come at least every 12 s: a wire that is silent for longer is dead. So is one that does not open. */
const SILENCE_MS = 20_000;
const OPENING_MS = 10_000;
const LOOK_MS = 1_000;
const HIDDEN_MS = 4_000;

/** The pause before try number `tries`, with jitter in [0.5, 1). */
export const pauseMs = (tries: number, jitter: number = Math.random()): number =>
  Math.min(250 * 2 ** tries, 15_000) * (0.5 + jitter / 2);

/** Follow a stream until it is closed. A hidden tab lets go of it after a while and resumes when it is seen. */
export function follow(path: string, follower: Follower): Connection {
  let source: EventSource | null = null;
  let lastId: string | null = follower.from ?? null;
  let tries = 0;
  let hiding = 0;
  let ended = false;
  // By the clock and not by timers: they stand still while the lid is closed or the page is frozen.
  let deadAt = 0;
  let openAt: number | null = null;

  const hush = () => {
    source?.close();
    source = null;
    openAt = null;
  };
  const link = (state: Link) => follower.onLink?.(state);
  const listen = (patienceMs: number) => {
    deadAt = Date.now() + patienceMs;
  };
  const again = (after: number) => {
    if (ended) return;
    hush();
    link("lost");
    openAt = Date.now() + after;
    window.setTimeout(look, after + 5);
  };
  const look = () => {
    const now = Date.now();
    if (openAt !== null && now >= openAt) open();
    else if (source !== null && now > deadAt) again(0);
  };
  const open = () => {
    hush();
    if (ended || (document.hidden && !follower.needed?.())) return;
    link("connecting");
    const opened = new EventSource(lastId === null ? path : `${path}?after=${encodeURIComponent(lastId)}`);
    source = opened;
    listen(OPENING_MS);
    opened.onopen = () => {
      link("open");
      listen(SILENCE_MS);
    };
    opened.onerror = () => {
      const refused = opened.readyState === EventSource.CLOSED;
      again(pauseMs(tries++));
      if (refused && follower.renew)
        void follower.renew().then(
          (good) => good || close(),
          () => undefined,
        );
    };
    for (const kind of KINDS) opened.addEventListener(kind, (frame) => take(kind, frame as MessageEvent<string>));
  };
  const take = (kind: StreamEvent["kind"], frame: MessageEvent<string>) => {
    listen(SILENCE_MS);
    tries = 0;
    if (frame.lastEventId) lastId = frame.lastEventId;
    const event = parseEvent(kind, frame.data);
    if (event.kind === "reconnect") again(event.after_ms);
    else if (event.kind !== "ping") follower.onEvents([event], frame.lastEventId || null);
  };
  const wake = () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = window.setTimeout(letGo, HIDDEN_MS);
    else if (source === null) open();
    else look();
  };
  const letGo = () => {
    if (follower.needed?.()) hiding = window.setTimeout(letGo, HIDDEN_MS);
    else hush();
  };
  const online = () => {
    tries = 0;
    open();
  };
  const close = () => {
    ended = true;
    hush();
    clearTimeout(hiding);
    clearInterval(looking);
    document.removeEventListener("visibilitychange", wake);
    document.removeEventListener("resume", look);
    removeEventListener("online", online);
  };

  const looking = window.setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", wake);
  document.addEventListener("resume", look);
  addEventListener("online", online);
  open();
  return {
    restart: () => {
      lastId = null;
      open();
    },
    close,
  };
}
