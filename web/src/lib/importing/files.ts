/** What a chosen file holds: JSON of a kind we know, or a ZIP with such JSON in it. */

import { fromChatGpt, isChatGpt } from "./chatgpt";
import { fromOpenWebUi, isOpenWebUi } from "./openwebui";
import { fromOwn, isOwn } from "./own";
import { FileTooLarge, type Left, MOST_BYTES, type Parsed, type Talk } from "./talk";

export class UnknownFile extends Error {}

/** Read a file. Throws UnknownFile where nothing in it is of a kind we know, FileTooLarge. */
export async function readFile(file: File): Promise<Parsed> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const zipped = head[0] === 0x50 && head[1] === 0x4b;
  if (zipped) {
    const { texts, files } = await (await import("./zip")).open(file);
    return { ...(await all(texts())), files };
  }
  if (file.size > MOST_BYTES) throw new FileTooLarge();
  return all(one(file));
}

async function* one(file: File): AsyncGenerator<string> {
  yield await file.text();
}

async function all(texts: AsyncIterable<string>): Promise<Parsed> {
  const talks: Talk[] = [];
  const left: Left[] = [];
  let known = false;
  for await (const text of texts) {
    const parsed = parse(text);
    if (parsed === null) continue;
    known = true;
    talks.push(...parsed.talks);
    left.push(...parsed.left);
  }
  if (!known) throw new UnknownFile();
  return { talks, left };
}

/** Read one JSON text; null where it is of no kind we know. */
export function parse(text: string): Parsed | null {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return null;
  }
  if (isOwn(value)) return fromOwn(value);
  if (isChatGpt(value)) return fromChatGpt(value);
  if (isOpenWebUi(value)) return fromOpenWebUi(value);
  if (Array.isArray(value) && value.length > 0 && value.every(isOwn)) {
    const each = value.map(fromOwn);
    return { talks: each.flatMap((one) => one.talks), left: each.flatMap((one) => one.left) };
  }
  return null;
}
