/** What a chosen file holds: JSON of a kind we know, or a ZIP with such JSON in it. It is read as it is imported, a conversation at a time. */

import { conversation } from "./formats";
import { type Files, isObject, type Left, nameOf, type Parsed, type Source, type Text } from "./talk";
import { values } from "./values";

export class UnknownFile extends Error {}

/** Open a file. What is found in it throws UnknownFile at its end where nothing was of a kind we know. */
export async function readFile(file: File): Promise<Source> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const zipped = head[0] === 0x50 && head[1] === 0x4b;
  const { texts, files } = zipped
    ? await (await import("./zip")).open(file)
    : { texts: [file], files: new Map() as Files };
  const bytes = texts.reduce((sum, { size }) => sum + size, 0);
  let read = 0;
  return {
    found: () => all(texts, (count) => (read += count)),
    part: () => Math.min(1, read / Math.max(1, bytes)),
    files,
  };
}

async function* all(texts: readonly Text[], onBytes: (count: number) => void): AsyncGenerator<Parsed> {
  let known = false;
  for (const text of texts) {
    for await (const parsed of conversations(decoded(text.stream(), onBytes))) {
      known = true;
      yield parsed;
    }
  }
  if (!known) throw new UnknownFile();
}

/** Letters of a stream of bytes: UTF-8, or what a byte order mark says. */
async function* decoded(stream: ReadableStream<Uint8Array>, onBytes: (count: number) => void): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const [first, second] = next.value;
    decoder ??= new TextDecoder(
      first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8",
    );
    onBytes(next.value.length);
    yield decoder.decode(next.value, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

/** The conversations of one JSON text. What is none is told as soon as one is found: a text without any is another file's. */
export async function* conversations(pieces: AsyncIterable<string>): AsyncGenerator<Parsed> {
  let unknown: Left[] = [];
  let known = false;
  for await (const value of values(pieces)) {
    const parsed = "fault" in value ? null : read(value.text);
    known ||= parsed !== null && "talks" in parsed;
    if (parsed && "talks" in parsed) yield parsed;
    else unknown.push(parsed ?? { title: "", why: "fault" in value ? value.fault : "unreadable" });
    if (known && unknown.length > 0) {
      yield { talks: [], left: unknown };
      unknown = [];
    }
  }
}

/** Read one value; what it was called where it is no conversation. */
function read(text: string): Parsed | Left {
  try {
    const value: unknown = JSON.parse(text);
    const title = isObject(value) ? (nameOf(value.title ?? value.name) ?? "") : "";
    return conversation(value) ?? { title, why: "unreadable" };
  } catch {
    return { title: "", why: "unreadable" };
  }
}
