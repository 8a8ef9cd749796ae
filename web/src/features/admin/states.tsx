import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";

interface StatesProps<T> {
  readonly items: readonly T[] | undefined;
  readonly error: unknown;
  readonly empty: string;
  readonly onRetry: () => void;
  readonly children: (items: readonly T[]) => ReactNode;
}

/** A list while it is fetched, where it could not be, where it is empty, and as it is. */
export function States<T>({ items, error, empty, onRetry, children }: StatesProps<T>) {
  const t = useT();
  if (items === undefined && error) {
    return (
      <div role="alert" className="flex flex-col items-start gap-3 py-6">
        <p className="text-danger">{wordsFor(error, t)}</p>
        <Button onClick={onRetry}>{t("tryAgain")}</Button>
      </div>
    );
  }
  if (items === undefined) return <Skeleton lines={6} label={t("loading")} />;
  if (items.length === 0) return <p className="py-6 text-muted">{empty}</p>;
  return children(items);
}

/** Asks for more as soon as it is nearly seen; a button for who goes by keyboard. */
export function More({ onMore, busy }: { readonly onMore: () => void; readonly busy: boolean }) {
  const t = useT();
  const place = useRef<HTMLDivElement>(null);
  const ask = useRef(onMore);
  ask.current = onMore;
  useEffect(() => {
    if (busy || !place.current) return;
    const watcher = new IntersectionObserver(([seen]) => seen?.isIntersecting && ask.current(), {
      rootMargin: "200px",
    });
    watcher.observe(place.current);
    return () => watcher.disconnect();
  }, [busy]);
  return (
    <div ref={place} className="flex justify-center py-4">
      <Button look="quiet" disabled={busy} onClick={onMore}>
        {busy ? t("loading") : t("admin.more")}
      </Button>
    </div>
  );
}

/** A word about something, in a small frame. */
export function Chip({
  tone = "plain",
  children,
}: {
  readonly tone?: "plain" | "good" | "bad";
  readonly children: ReactNode;
}) {
  const tones = {
    plain: "border-line text-muted",
    good: "border-transparent bg-accent-soft text-accent",
    bad: "border-transparent bg-danger-soft text-danger",
  };
  return <span className={`rounded-full border px-2 py-0.5 text-xs whitespace-nowrap ${tones[tone]}`}>{children}</span>;
}
