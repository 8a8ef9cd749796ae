/** The trays of all drafts, and what can be done with them. */

import { useMemo } from "react";
import { create } from "zustand";
import { ProblemError } from "../api";
import { type Attachment, deleteFile, type FileLimits, upload } from "../api/files";
import { recall, remember } from "../browser/stored";
import { whenForgotten } from "../forget";
import { randomName } from "../random";
import { isReady, objection, remembered, type Waiting, waitingFor, waitingOf } from "./tray";

type Tray = readonly Waiting[];
const running = new Map<string, AbortController>();
const name = (chat: string) => `draft.${chat}.files`;

const useTrays = create<{ readonly trays: Readonly<Record<string, Tray>> }>(() => ({ trays: {} }));

/** The tray beside a draft; before it is touched, what the browser remembers of it. */
const trayOf = (chat: string): Tray => useTrays.getState().trays[chat] ?? remembered(recall(name(chat)));

export function useTray(chat: string): Tray {
  const tray = useTrays(({ trays }) => trays[chat]);
  return useMemo(() => tray ?? remembered(recall(name(chat))), [tray, chat]);
}

function set(chat: string, change: (tray: Tray) => Tray): Tray {
  const after = change(trayOf(chat));
  useTrays.setState(({ trays }) => ({ trays: { ...trays, [chat]: after } }));
  const ready = after.flatMap((one) => one.kept ?? []);
  remember(name(chat), ready.length > 0 ? JSON.stringify(ready) : null);
  return after;
}

const update = (chat: string, key: string, part: Partial<Waiting>): unknown =>
  set(chat, (tray) => tray.map((one) => (one.key === key ? { ...one, ...part } : one)));

/** Put files beside the draft and send them; returns their keys. What is plainly refused is not sent. */
export function attach(chat: string, files: readonly File[], limits: FileLimits | undefined): readonly string[] {
  return files.map((file) => {
    const one = waitingOf(file, randomName());
    const against = objection(file, trayOf(chat).length, limits);
    const error = against === null ? null : new ProblemError(`file.${against}`, 0, "");
    set(chat, (tray) => [...tray, { ...one, error }]);
    if (error === null) void send(chat, one.key);
    return one.key;
  });
}

/** Send a file again. */
export function again(chat: string, key: string): void {
  update(chat, key, { error: null, share: 0 });
  void send(chat, key);
}

async function send(chat: string, key: string): Promise<void> {
  const file = trayOf(chat).find((one) => one.key === key)?.file;
  if (!file) return;
  const control = new AbortController();
  running.set(key, control);
  try {
    const onProgress = (share: number) => update(chat, key, { share });
    const kept = await upload(file, { onProgress, signal: control.signal });
    const { id, name, media_type, bytes, kind, document_id = null } = kept;
    update(chat, key, {
      kept: { id, name, media_type, bytes, kind, document_id },
      name,
      share: 1,
      image: kind === "image",
    });
  } catch (error) {
    if (!control.signal.aborted) update(chat, key, { error });
  } finally {
    running.delete(key);
  }
}

/** Take a file away; one that was sent for this draft is deleted. */
export function detach(chat: string, key: string): void {
  const one = trayOf(chat).find((each) => each.key === key);
  running.get(key)?.abort();
  set(chat, (tray) => tray.filter((each) => each.key !== key));
  // One that a message has stays there: the server says so, and that is right.
  if (one?.kept) void deleteFile(one.kept.id).catch(() => undefined);
}

/** Take the files that are there out of the tray, to be sent with a message. */
export function take(chat: string): readonly Attachment[] {
  const ready = trayOf(chat).flatMap((one) => one.kept ?? []);
  set(chat, (tray) => tray.filter((one) => !isReady(one)));
  return ready;
}

/** Put files back beside the draft. */
export const putBack = (chat: string, files: readonly Attachment[]): unknown =>
  files.length > 0 && set(chat, (tray) => [...files.map(waitingFor), ...tray]);

whenForgotten(() => useTrays.setState({ trays: {} }));
