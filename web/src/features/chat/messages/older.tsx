"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { useThread } from "../thread/store";
import { fetchOlder } from "../thread/use-thread";

/** Fetches older messages when the top comes near; the list keeps what is read where it is. */
export function Older({ id, scroller }: { readonly id: string; readonly scroller: RefObject<HTMLDivElement | null> }) {
  const t = useT();
  const more = useThread(id, (thread) => thread.older !== null);
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const sight = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = scroller.current;
    const target = sight.current;
    if (!more || !box || !target || state !== "idle") return;
    const load = async () => {
      setState("busy");
      try {
        await fetchOlder(id);
        setState("idle");
      } catch {
        setState("failed");
      }
    };
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && void load(), {
      root: box,
      rootMargin: "1600px",
    });
    watch.observe(target);
    return () => watch.disconnect();
  }, [id, more, state, scroller]);
  if (!more) return null;
  return (
    <div ref={sight} className="absolute inset-x-0 top-0 flex h-10 items-center justify-center text-sm text-muted">
      {state === "failed" ? (
        <Button small onClick={() => setState("idle")}>
          {t("chat.olderFailed")}
        </Button>
      ) : (
        t("chat.older")
      )}
    </div>
  );
}
