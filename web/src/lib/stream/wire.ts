/**
 * One event stream that stays open: it notices a dead wire by the missing heartbeat and comes back with growing pauses.
 * EventSource alone would retry at its own pace and give up at the first refusal. It runs in a tab or in a worker.
 */

import { KINDS } from "./events";
import type { Frame, Link } from "./protocol";

export interface Owner {
  /** The address to open now. */
  readonly url: () => string;
  readonly onFrame: (frame: Omit<Frame, "kind"> & { readonly kind: Frame["kind"] | "strand" }) => void;
  readonly onLink: (link: Link) => void;
  readonly onRefused: () => void;
}

export interface Wire {
  readonly open: () => void;
  /** Let go of the connection until open() is called. */
  readonly hush: () => void;
  /** Come back after a pause, which grows with each try; 0 is at once. */
  readonly again: (soon: boolean) => void;
  /** Look at the clock: it stands still while the lid is closed or the page is frozen. */
  readonly look: () => void;
  readonly isOpen: () => boolean;
}

/** Pings come at least every 12 s: a wire that is silent for longer is dead. So is one that does not open. */
const SILENCE_MS = 20_000;
const OPENING_MS = 10_000;
const LOOK_MS = 1_000;

/** The pause before try number `tries`, with jitter in [0.5, 1). */
export const pauseMs = (tries: number, jitter: number = Math.random()): number =>
  Math.min(250 * 2 ** tries, 15_000) * (0.5 + jitter / 2);

export function wireOf(owner: Owner): Wire {
  let source: EventSource | null = null;
  let tries = 0;
  let isOpen = false;
  let deadAt = 0;
  let openAt: number | null = null;

  const hush = () => {
    source?.close();
    source = null;
    isOpen = false;
    openAt = null;
  };
  const after = (pause: number) => {
    hush();
    owner.onLink("lost");
    openAt = Date.now() + pause;
    setTimeout(look, pause + 5);
  };
  const again = (soon: boolean) => {
    if (soon) tries = 0;
    after(soon ? 0 : pauseMs(tries++));
  };
  const look = () => {
    const now = Date.now();
    if (openAt !== null && now >= openAt) open();
    else if (source !== null && now > deadAt) after(0);
  };
  const open = () => {
    hush();
    owner.onLink("connecting");
    const opened = new EventSource(owner.url());
    source = opened;
    deadAt = Date.now() + OPENING_MS;
    opened.onopen = () => {
      isOpen = true;
      deadAt = Date.now() + SILENCE_MS;
      owner.onLink("open");
    };
    opened.onerror = () => {
      const refused = opened.readyState === EventSource.CLOSED;
      again(false);
      if (refused) owner.onRefused();
    };
    for (const kind of [...KINDS, "strand"] as const)
      opened.addEventListener(kind, (frame) => take(kind, frame as MessageEvent<string>));
  };
  const take = (kind: Frame["kind"] | "strand", { data, lastEventId }: MessageEvent<string>) => {
    deadAt = Date.now() + SILENCE_MS;
    tries = 0;
    if (kind === "reconnect") after((JSON.parse(data) as { readonly after_ms: number }).after_ms);
    else owner.onFrame({ kind, data, id: lastEventId || null });
  };
  setInterval(look, LOOK_MS);
  return { open, hush, again, look, isOpen: () => isOpen };
}
