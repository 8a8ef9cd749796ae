/** The SharedWorker that carries the streams of all tabs. */

import { carrier } from "./carrier";
import type { ToCarrier } from "./protocol";

const board = carrier();

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  const speak = board((message) => port.postMessage(message));
  port.onmessage = ({ data }: MessageEvent<ToCarrier>) => speak(data);
});
