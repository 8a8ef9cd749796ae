import type { ReactNode } from "react";
import { usePages } from "@/lib/hooks/use-pages";
import { More, States } from "./states";

interface ListingProps<T> {
  /** Where the pages come from. */
  readonly path: string;
  readonly empty: string;
  /** "ol" where the order says something. */
  readonly as?: "ol" | "ul";
  readonly row: (item: T, again: () => void) => ReactNode;
}

/** A long list, fetched page by page as far as it is looked at. */
export function Listing<T>({ path, empty, as: List = "ul", row }: ListingProps<T>) {
  const pages = usePages<T>(path);
  return (
    <>
      <States items={pages.items} error={pages.error} empty={empty} onRetry={pages.again}>
        {(items) => (
          <List className="divide-y divide-line border-y border-line">
            {items.map((item) => row(item, pages.again))}
          </List>
        )}
      </States>
      {pages.hasMore && <More onMore={pages.more} busy={pages.fetching} />}
    </>
  );
}
