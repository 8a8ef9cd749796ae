/** A list of the API that comes in pages. */

"use client";

import useSWRInfinite from "swr/infinite";
import type { Page } from "../api";
import { get } from "../api/call";

export interface Pages<T> {
  readonly items: readonly T[] | undefined;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly fetching: boolean;
  readonly more: () => void;
  readonly again: () => void;
}

/** Fetch the pages of a path, one more each time `more` is called. */
export function usePages<T>(path: string): Pages<T> {
  const { data, error, size, setSize, isValidating, mutate } = useSWRInfinite<Page<T>>(
    (index: number, before: Page<T> | null) => {
      if (index > 0 && !before?.next_cursor) return null;
      return index === 0 ? path : `${path}&cursor=${encodeURIComponent(before?.next_cursor ?? "")}`;
    },
    (key: string) => get<Page<T>>(key),
    { revalidateOnFocus: false, revalidateFirstPage: false, keepPreviousData: true },
  );
  return {
    items: data?.flatMap((page) => page.items),
    error,
    hasMore: Boolean(data?.at(-1)?.next_cursor),
    fetching: isValidating,
    more: () => void setSize(size + 1),
    again: () => void mutate(),
  };
}
