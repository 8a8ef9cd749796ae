/** Documents on their way up: a few at a time, again where the server says "later", in this tab for as long as it is open. */

"use client";

import { useRef, useState } from "react";
import { passing } from "@/lib/api";
import * as api from "@/lib/api/knowledge";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { toast } from "@/ui/toasts";
import type { Brought } from "./dropped";

const AT_ONCE = 2;
const TRIES = 6;
const PAUSE_MS = 2_000;

export interface Uploads {
  readonly done: number;
  readonly all: number;
  readonly bring: (files: readonly Brought[]) => void;
  /** Send no more; what is there stays. */
  readonly stop: () => void;
}

export function useUploads(collectionId: string, onChange: () => void): Uploads {
  const t = useT();
  const [count, setCount] = useState({ done: 0, all: 0 });
  const waiting = useRef<Brought[]>([]);
  const running = useRef(0);
  const control = useRef(new AbortController());

  const work = async () => {
    running.current += 1;
    for (let next = waiting.current.shift(); next; next = waiting.current.shift()) {
      const { path } = next;
      const { signal } = control.current;
      await send(collectionId, next, signal).catch((error: unknown) => {
        if (!signal.aborted)
          toast(t("knowledge.uploadFailed", { name: path, why: wordsFor(error, t) }), { tone: "danger" });
      });
      setCount(({ done, all }) => ({ done: done + 1, all }));
      onChange();
    }
    running.current -= 1;
    if (running.current === 0) setCount({ done: 0, all: 0 });
  };

  const bring = (files: readonly Brought[]) => {
    waiting.current.push(...files);
    setCount(({ done, all }) => ({ done, all: all + files.length }));
    for (let free = AT_ONCE - running.current; free > 0; free -= 1) void work();
  };
  const stop = () => {
    waiting.current = [];
    control.current.abort();
    control.current = new AbortController();
  };
  return { ...count, bring, stop };
}

async function send(collectionId: string, { path, file }: Brought, signal: AbortSignal): Promise<void> {
  const sending = { onProgress: () => undefined, signal };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await api.bring(collectionId, path, file, sending);
      return;
    } catch (error) {
      if (attempt === TRIES || signal.aborted || !passing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    }
  }
}
