"use client";

import { isComing, isReady, useSight, useTray } from "@/lib/files";
import type { Key } from "@/lib/i18n";

export interface Obstacle {
  /** Why a message with these files can't be sent now; null where it can. */
  readonly why: Key | null;
  /** Whether there are files to send. */
  readonly ready: boolean;
  /** Whether there are files, sent or not. */
  readonly any: boolean;
}

export function useObstacle(chat: string, model: string | null): Obstacle {
  const tray = useTray(chat);
  const sees = useSight(model);
  const blind = sees === false && tray.some((one) => one.kept?.kind === "image");
  const why = tray.some((one) => one.error !== null)
    ? "files.failed"
    : tray.some(isComing)
      ? "files.wait"
      : blind
        ? "files.blind"
        : null;
  return { why, ready: tray.some(isReady), any: tray.length > 0 };
}
