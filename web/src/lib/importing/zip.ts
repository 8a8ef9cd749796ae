/** What lies in a ZIP. It is read from the file where it is: what nobody asks for costs nothing. */

import {
  BlobReader,
  BlobWriter,
  configure,
  type Entry,
  TextWriter,
  ZipReader,
} from "@zip.js/zip.js/lib/zip-core-native.js";
import { type Files, FileTooLarge, MOST_BYTES, type Packed } from "./talk";

// A worker made out of a text would need a laxer content policy; the browser unpacks by itself.
configure({ useWebWorkers: false, useCompressionStream: true });

type Written = Extract<Entry, { readonly directory: false }>;

export interface Archive {
  /** The texts of its JSON files, one after the other. */
  readonly texts: () => AsyncGenerator<string>;
  /** What our own exports have beside them. */
  readonly files: Files;
}

/** Open a ZIP. */
export async function open(file: File): Promise<Archive> {
  const entries = (await new ZipReader(new BlobReader(file)).getEntries()).filter((entry) => !entry.directory);
  const enclosed = entries.filter((entry) => entry.filename.startsWith("files/"));
  return {
    texts: () => texts(entries.filter((entry) => entry.filename.endsWith(".json") && !enclosed.includes(entry))),
    files: new Map(enclosed.map((entry) => [entry.filename, packed(entry)])),
  };
}

async function* texts(entries: readonly Written[]): AsyncGenerator<string> {
  for (const entry of entries) {
    if (entry.uncompressedSize > MOST_BYTES) throw new FileTooLarge();
    yield await entry.getData(new TextWriter());
  }
}

const packed = (entry: Written): Packed => ({
  bytes: entry.uncompressedSize,
  read: () => entry.getData(new BlobWriter()),
});
