/** Collect what arrives and hand it over once per animation frame, or four times a second where nothing is painted. */

export interface Batch<T> {
  readonly add: (items: readonly T[]) => void;
  /** Hand over now. */
  readonly flush: () => void;
  readonly cancel: () => void;
}

/** Make a batch that calls `hand` with all that was added since. */
export function perFrame<T>(hand: (items: readonly T[]) => void): Batch<T> {
  let waiting: T[] = [];
  let frame = 0;
  let timer = 0;
  const flush = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = timer = 0;
    const items = waiting;
    waiting = [];
    hand(items);
  };
  return {
    add: (items) => {
      waiting.push(...items);
      if (frame !== 0 || timer !== 0) return;
      if (!document.hidden) frame = requestAnimationFrame(flush);
      timer = window.setTimeout(flush, 250);
    },
    flush,
    cancel: () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      frame = timer = 0;
      waiting = [];
    },
  };
}
