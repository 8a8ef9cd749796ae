/** What lies in a ZIP. It is read from the file where it is: what nobody asks for costs nothing. */

import { BlobReader, BlobWriter, configure, type Entry, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
import type { Files, Packed, Text } from "./talk";

// A worker made out of a text would need a laxer content policy; the browser unpacks by itself.
configure({ useWebWorkers: false, useCompressionStream: true });

type Written = Extract<Entry, { readonly directory: false }>;

export interface Archive {
  /** Its JSON files. */
  readonly texts: readonly Text[];
  /** What our own exports have beside them. */
  readonly files: Files;
}

/** Open a ZIP. */
export async function open(file: File): Promise<Archive> {
  const entries = (await new ZipReader(new BlobReader(file)).getEntries()).filter((entry) => !entry.directory);
  const enclosed = entries.filter((entry) => entry.filename.startsWith("files/"));
  return {
    texts: entries.filter((entry) => entry.filename.endsWith(".json") && !enclosed.includes(entry)).map(text),
    files: new Map(enclosed.map((entry) => [entry.filename, packed(entry)])),
  };
}

/** An entry that is unpacked while it is read. */
const text = (entry: Written): Text => ({
  size: entry.uncompressedSize,
  stream: () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    entry.getData(writable).catch((error: unknown) => writable.abort(error).catch(() => undefined));
    return readable;
  },
});

const packed = (entry: Written): Packed => ({
  bytes: entry.uncompressedSize,
  read: () => entry.getData(new BlobWriter()),
});
