/** The JSON texts of a ZIP, one after the other. Read from the file where they lie: pictures beside them cost nothing. */

import { BlobReader, configure, TextWriter, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
import { FileTooLarge, MOST_BYTES } from "./talk";

// A worker made out of a text would need a laxer content policy; the browser unpacks by itself.
configure({ useWebWorkers: false, useCompressionStream: true });

export async function* texts(file: File): AsyncGenerator<string> {
  const reader = new ZipReader(new BlobReader(file));
  try {
    for (const entry of await reader.getEntries()) {
      if (entry.directory || !entry.filename.endsWith(".json") || !("getData" in entry)) continue;
      if (entry.uncompressedSize > MOST_BYTES) throw new FileTooLarge();
      yield await entry.getData(new TextWriter());
    }
  } finally {
    await reader.close();
  }
}
