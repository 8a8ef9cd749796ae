/** The files of a conversation on their way in: each is sent once, with the same checks as any other, and what is refused stays behind. */

import { type Door, insistently, isRefusal } from "./door";
import type { Enclosure, Files, Left, Said, Sent, Talk } from "./talk";

/** The id that each file got, by its place in the ZIP; null for one that stayed behind. */
export type Kept = Map<string, string | null>;

export interface Delivered {
  readonly talk: Sent;
  readonly left: readonly Left[];
}

/** Send the files of a conversation, unless it came before, and name them in it by their new ids. */
export async function enclosed(
  talk: Talk,
  files: Files,
  kept: Kept,
  door: Door,
  signal: AbortSignal,
): Promise<Delivered> {
  const wanted = talk.messages.flatMap((said) => said.files ?? []);
  if (wanted.length === 0 || (await insistently(() => door.known(talk), door.pause)))
    return { talk: named(talk, new Map()), left: [] };
  const left: Left[] = [];
  for (const file of wanted) {
    if (kept.has(file.path)) continue;
    const id = await sent(file, files, door, signal);
    if (typeof id === "object") left.push({ ...id, title: talk.title ?? "" });
    kept.set(file.path, typeof id === "string" ? id : null);
  }
  return { talk: named(talk, kept), left };
}

/** Send a file and return its id, or why it stays behind. */
async function sent(
  { name, path }: Enclosure,
  files: Files,
  door: Door,
  signal: AbortSignal,
): Promise<string | Omit<Left, "title">> {
  const packed = files.get(path);
  if (packed === undefined) return { why: "file", detail: name };
  try {
    if (packed.bytes > (await insistently(door.most, door.pause))) return { why: "fileTooLarge", detail: name };
    const file = new File([await packed.read()], name);
    return await insistently(() => door.upload(file, signal), door.pause);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { why: "file", detail: `${name}: ${error.message}` };
  }
}

const named = (talk: Talk, kept: Kept): Sent => ({
  ...talk,
  messages: talk.messages.map((said) => withIds(said, kept)),
});

function withIds({ files = [], ...said }: Said, kept: Kept): Sent["messages"][number] {
  const ids = [...new Set(files.flatMap(({ path }) => kept.get(path) ?? []))];
  return ids.length > 0 ? { ...said, attachments: ids } : said;
}
