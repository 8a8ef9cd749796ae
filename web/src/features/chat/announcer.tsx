"use client";

import { useEffect, useRef, useState } from "react";
import { useT } from "@/lib/i18n";
import { useThread } from "./thread/store";
import { isAnswering } from "./thread/thread";

/** Tells a screen reader that an answer began and, once, what it says. */
export function Announcer({ id }: { readonly id: string }) {
  const t = useT();
  const answering = useThread(id, isAnswering);
  const text = useThread(id, (thread) => (thread.answer?.closed ? thread.answer.text.text : null));
  const before = useRef(answering);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (answering && !before.current) setSaid(t("announce.began"));
    if (!answering && before.current && text !== null) setSaid(t("announce.ended", { text: text.slice(0, 2_000) }));
    before.current = answering;
  }, [answering, text, t]);
  return (
    <div aria-live="polite" className="sr-only" data-testid="announcer">
      {said}
    </div>
  );
}
