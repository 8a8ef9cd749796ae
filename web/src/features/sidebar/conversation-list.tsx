"use client";

import { useEffect, useMemo, useRef } from "react";
import { useConversations } from "@/lib/data";
import { useNow } from "@/lib/hooks/use-now";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { ChoosingRow } from "./choosing-row";
import { ConversationRow } from "./conversation-row";
import { groups } from "./groups";
import { useSelection } from "./selection";
import { SelectionBar } from "./selection-bar";

export interface ConversationListProps {
  readonly current: string | null;
  readonly archived?: boolean;
}

/** All conversations, grouped by day, fetched as far as they are looked at. */
export function ConversationList({ current, archived = false }: ConversationListProps) {
  const t = useT();
  const { data, error, size, setSize, isValidating, mutate } = useConversations(archived ? { archived } : {});
  const end = useRef<HTMLDivElement>(null);
  const minute = useNow(60_000);
  const all = useMemo(() => data?.flatMap((page) => page.items) ?? [], [data]);
  const shown = useMemo(() => groups(all, new Date(minute)), [all, minute]);
  const order = useMemo(() => shown.flatMap(({ items }) => items.map(({ id }) => id)), [shown]);
  const choosing = useSelection(({ selection }) => selection !== null);
  const more = data?.at(-1)?.next_cursor != null;

  useEffect(() => {
    const target = end.current;
    if (!target || !more || isValidating) return;
    const watch = new IntersectionObserver((entries) => entries[0]?.isIntersecting && void setSize(size + 1), {
      rootMargin: "300px",
    });
    watch.observe(target);
    return () => watch.disconnect();
  }, [more, isValidating, size, setSize]);

  if (error && !data) {
    return (
      <div role="alert" className="flex flex-col items-start gap-3 p-3 text-sm">
        {wordsFor(error, t)}
        <Button small onClick={() => void mutate()}>
          {t("tryAgain")}
        </Button>
      </div>
    );
  }
  if (!data)
    return (
      <div className="p-3">
        <Skeleton lines={6} label={t("loading")} />
      </div>
    );
  if (all.length === 0)
    return <p className="p-3 text-sm text-muted">{t(archived ? "sidebar.noArchive" : "sidebar.empty")}</p>;
  return (
    <>
      {choosing && <SelectionBar shown={order} />}
      {shown.map(({ age, items }) => (
        <section key={age} aria-labelledby={`group-${age}`} className="mb-4">
          <h2 id={`group-${age}`} className="px-3 pb-1 text-xs font-medium text-muted">
            {t(`age.${age}`)}
          </h2>
          <ul>
            {items.map((conversation) =>
              choosing ? (
                <ChoosingRow key={conversation.id} conversation={conversation} shown={order} />
              ) : (
                <ConversationRow
                  key={conversation.id}
                  conversation={conversation}
                  current={conversation.id === current}
                />
              ),
            )}
          </ul>
        </section>
      ))}
      <div ref={end}>{more && <p className="px-3 py-2 text-sm text-muted">{t("loading")}</p>}</div>
    </>
  );
}
