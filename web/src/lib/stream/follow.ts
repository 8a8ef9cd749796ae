/** This tab's side of the streams: who follows what, and a carrier that may be shared with other tabs and may die with none of them. */

import { call } from "../api/call";
import { hasCode } from "../api/problem";
import { randomName } from "../random";
import { aboard, alone, type Speak } from "./aboard";
import { parseEvent, type StreamEvent } from "./events";
import type { Frame, FromCarrier, Link, Steer } from "./protocol";

export interface Follower {
  readonly onEvents: (events: readonly StreamEvent[], id: string | null) => void;
  readonly onLink?: (link: Link) => void;
  /** A hidden tab needs no connection unless this says that it does. */
  readonly needed?: () => boolean;
  /** The id of the last event that is known already; null begins with a snapshot. */
  readonly from?: string | null;
  /** Renew the session before the next try. Called after a refused one. */
  readonly renew?: () => Promise<boolean>;
}

export interface Connection {
  /** Drop the position and start from a snapshot. */
  readonly restart: () => void;
  readonly close: () => void;
}

/** A name that is kept for a conversation which is about to begin, and the stream that will carry it. */
export interface Place {
  readonly strand: string;
  readonly stream: string;
}

interface Strand {
  readonly conversation: string | null;
  follower: Follower | null;
  after: string | null;
  waiting: Frame[];
}

const HIDDEN_MS = 4_000;
const HERE_MS = 10_000;
/** A carrier that says nothing for so long has died. */
const SILENT_MS = 25_000;
const RESERVE_MS = 500;
/** What began and nobody came to see. */
const UNSEEN_MS = 10_000;

const strands = new Map<string, Strand>();
const listeners = new Set<Follower>();
const reserving = new Map<string, (stream: string | null) => void>();
let link: Link = "connecting";
let speak: Speak | null = null;
let heardAt = 0;
let isAlone = false;
let hiddenAt: number | null = null;

/** Follow what happens to this person's conversations. */
export function followEvents(follower: Follower): Connection {
  listeners.add(follower);
  follower.onLink?.(link);
  here();
  return {
    restart: () => undefined,
    close: () => {
      listeners.delete(follower);
      here();
    },
  };
}

/** Follow a conversation until it is closed; one that began here goes on where it is. */
export function followConversation(conversation: string, follower: Follower): Connection {
  let name = begun(conversation) ?? begin(conversation, follower.from ?? null);
  attach(name, follower);
  return {
    restart: () => {
      drop(name);
      name = begin(conversation, null);
      attach(name, follower);
    },
    close: () => drop(name),
  };
}

/** Keep a place in the open stream for a conversation that is about to begin; null where none is open. */
export async function reserve(): Promise<Place | null> {
  const say = speak;
  if (say === null || link !== "open") return null;
  const strand = randomName().slice(0, 12);
  strands.set(strand, { conversation: null, follower: null, after: null, waiting: [] });
  const stream = await new Promise<string | null>((tell) => {
    reserving.set(strand, tell);
    setTimeout(() => tell(null), RESERVE_MS);
    say({ type: "reserve", strand });
  });
  reserving.delete(strand);
  if (stream !== null) return { strand, stream };
  release({ strand });
  return null;
}

/** The conversation began: its stream carries it, from the position `after` on where that is not so. */
export function take({ strand, stream }: Place, conversation: string, after: string): void {
  const reserved = strands.get(strand);
  if (reserved === undefined) return;
  strands.set(strand, { ...reserved, conversation, after: reserved.after ?? after });
  speak?.({ type: "follow", strand, conversation, after, stream });
  setTimeout(() => strands.get(strand)?.follower === null && drop(strand), UNSEEN_MS);
}

/** Nothing began. */
export const release = ({ strand }: Pick<Place, "strand">): void => drop(strand);

function begun(conversation: string): string | undefined {
  for (const [name, strand] of strands)
    if (strand.conversation === conversation && strand.follower === null) return name;
  return undefined;
}

function begin(conversation: string, after: string | null): string {
  const strand = randomName().slice(0, 12);
  strands.set(strand, { conversation, follower: null, after, waiting: [] });
  // Before the tab says that it needs a connection: so it is in the address of one that opens now.
  if (speak === null) board();
  speak?.({ type: "follow", strand, conversation, after });
  here();
  return strand;
}

function attach(name: string, follower: Follower): void {
  const strand = strands.get(name);
  if (strand === undefined) return;
  strand.follower = follower;
  follower.onLink?.(link);
  for (const frame of strand.waiting.splice(0)) hand(follower, frame);
}

function drop(name: string): void {
  if (!strands.delete(name)) return;
  speak?.({ type: "leave", strand: name });
  here();
}

function hand(follower: Follower, { kind, data, id }: Frame): void {
  follower.onEvents([parseEvent(kind, data)], id);
}

function hear(message: FromCarrier): void {
  heardAt = Date.now();
  switch (message.type) {
    case "here":
      if (!message.knows) register();
      return linked(message.link);
    case "link":
      return linked(message.link);
    case "frame":
      return message.strand === "" ? hearOwn(message.frame) : hearStrand(message.strand, message.frame);
    case "reserved":
      return reserving.get(message.strand)?.(message.stream);
    case "steer":
      return void steer(message.stream, message.steer);
    case "refused":
      return renew();
  }
}

function linked(state: Link): void {
  if (state === link) return;
  link = state;
  for (const each of followers()) each.onLink?.(link);
}

function hearOwn(frame: Frame): void {
  for (const follower of listeners) hand(follower, frame);
}

function hearStrand(name: string, frame: Frame): void {
  const strand = strands.get(name);
  if (strand === undefined) return;
  if (frame.id !== null) strand.after = frame.id;
  if (strand.follower === null) strand.waiting.push(frame);
  else hand(strand.follower, frame);
}

function* followers(): Generator<Follower> {
  yield* listeners;
  for (const { follower } of strands.values()) if (follower !== null) yield follower;
}

/** Only a tab has the CSRF token. A conversation that is not there is nobody's to follow; its reader is told so by its reads. */
async function steer(stream: string, { follow, leave }: Steer): Promise<void> {
  try {
    await call("POST", `/api/events/${stream}`, { body: { follow, leave } });
  } catch (error) {
    if (!hasCode(error, "not_found")) return speak?.({ type: "reopen", soon: false });
    if (follow.length > 1) for (const one of follow) void steer(stream, { follow: [one], leave: [] });
    else for (const { strand } of follow) speak?.({ type: "leave", strand });
  }
}

function renew(): void {
  for (const { renew } of followers()) if (renew !== undefined) return void renew().catch(() => undefined);
}

/** Say that this tab is there, and whether it needs the connection: one that nobody looks at does not, after a moment. */
function here(): void {
  if (typeof window === "undefined") return;
  const follows = listeners.size > 0 || strands.size > 0;
  if (speak === null && !follows) return;
  if (speak === null) board();
  speak?.({ type: "here", awake: follows && isAwake(), events: listeners.size > 0 });
}

function isAwake(): boolean {
  if (!document.hidden) return true;
  if (hiddenAt !== null && Date.now() - hiddenAt < HIDDEN_MS) return true;
  for (const { needed } of followers()) if (needed?.()) return true;
  return false;
}

let isWatching = false;

function board(): void {
  heardAt = Date.now();
  speak = isAlone ? alone(hear) : aboard(hear, lost);
  if (isWatching) return;
  isWatching = true;
  document.addEventListener("visibilitychange", () => {
    hiddenAt = document.hidden ? Date.now() : null;
    here();
  });
  document.addEventListener("resume", here);
  addEventListener("online", () => speak?.({ type: "reopen", soon: true }));
  addEventListener("pagehide", () => speak?.({ type: "bye" }));
  addEventListener("pageshow", ({ persisted }) => persisted && here());
  setInterval(look, 1_000);
}

let saidAt = 0;

function look(): void {
  const now = Date.now();
  if (now - saidAt < (document.hidden ? 1_000 : HERE_MS)) return;
  // A page that was frozen has heard nothing either: it asks first.
  if (now - saidAt < 2 * HERE_MS && now - heardAt > SILENT_MS) lost();
  saidAt = now;
  here();
}

/** The shared carrier has died, or could not be had: this tab carries its own from now on. */
function lost(): void {
  if (isAlone) return;
  isAlone = true;
  speak = null;
  linked("lost");
  here();
}

function register(): void {
  for (const [strand, { conversation, after }] of strands)
    if (conversation !== null) speak?.({ type: "follow", strand, conversation, after });
}
