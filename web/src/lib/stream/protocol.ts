/** What a tab and the carrier of its streams say to each other. A *strand* is one conversation's log as one tab follows it. */

import type { StreamEvent } from "./events";

export type Link = "connecting" | "open" | "lost";

/** An event as it came; the tab that it is for reads it. */
export interface Frame {
  readonly kind: StreamEvent["kind"];
  readonly data: string;
  readonly id: string | null;
}

export type ToCarrier =
  /** The tab is there; `awake` when it needs the connection, `events` when it follows the person's own log. */
  | { readonly type: "here"; readonly awake: boolean; readonly events: boolean }
  | { readonly type: "bye" }
  /** Keep a name for a conversation that is about to begin. */
  | { readonly type: "reserve"; readonly strand: string }
  /** Follow a conversation; `stream` is the one that is known to carry it already. */
  | {
      readonly type: "follow";
      readonly strand: string;
      readonly conversation: string;
      readonly after: string | null;
      readonly stream?: string;
    }
  | { readonly type: "leave"; readonly strand: string }
  /** Come back over a new connection: the network is there again, or the stream could not be steered. */
  | { readonly type: "reopen"; readonly soon: boolean };

export type FromCarrier =
  /** The carrier is there; `knows` is false where it had forgotten the tab. */
  | { readonly type: "here"; readonly link: Link; readonly knows: boolean }
  | { readonly type: "link"; readonly link: Link }
  /** An event of a strand, or of the person's own log (""). */
  | { readonly type: "frame"; readonly strand: string; readonly frame: Frame }
  /** The open stream, null where none is; it will carry what is begun under the reserved name. */
  | { readonly type: "reserved"; readonly strand: string; readonly stream: string | null }
  /** Tell the server what the stream is to carry: only a tab can, since it has the CSRF token. */
  | { readonly type: "steer"; readonly stream: string; readonly steer: Steer }
  /** The session was refused: renew it before the next try. */
  | { readonly type: "refused" };

export interface Steer {
  readonly follow: readonly {
    readonly strand: string;
    readonly conversation_id: string;
    readonly after: string | null;
  }[];
  readonly leave: readonly string[];
}
