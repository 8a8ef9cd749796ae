/** How this tab reaches what carries its streams: a worker that all tabs share, or a carrier of its own where there is none. */

import { carrier } from "./carrier";
import type { FromCarrier, ToCarrier } from "./protocol";

export type Speak = (message: ToCarrier) => void;

/** Come aboard; `lost` is called when the shared worker can't be had after all. */
export function aboard(hear: (message: FromCarrier) => void, lost: () => void): Speak {
  if (typeof SharedWorker === "undefined") return alone(hear);
  try {
    const worker = new SharedWorker(new URL("./carrier.worker.ts", import.meta.url), {
      type: "module",
      name: "olamchat",
    });
    worker.onerror = lost;
    worker.port.onmessage = ({ data }: MessageEvent<FromCarrier>) => hear(data);
    return (message) => worker.port.postMessage(message);
  } catch {
    return alone(hear);
  }
}

/** Be one's own carrier. What it says comes a moment later, as from a worker. */
export function alone(hear: (message: FromCarrier) => void): Speak {
  return carrier()((message) => queueMicrotask(() => hear(message)));
}
