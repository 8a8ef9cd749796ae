"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { useThread } from "./store";
import { fetchOlder } from "./use-thread";

/** Fetches older messages when the top comes into sight, and keeps what is read where it is. */
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
      const height = box.scrollHeight;
      try {
        await fetchOlder(id);
        requestAnimationFrame(() => {
          if (box.scrollTop < 100) box.scrollTop += box.scrollHeight - height;
          setState("idle");
        });
      } catch {
        setState("failed");
      }
    };
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && void load(), {
      root: box,
      rootMargin: "400px",
    });
    watch.observe(target);
    return () => watch.disconnect();
  }, [id, more, state, scroller]);
  if (!more) return null;
  return (
    <div ref={sight} className="flex justify-center py-2 text-sm text-muted">
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
