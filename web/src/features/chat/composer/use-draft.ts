"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { recall, remember } from "@/lib/browser/stored";
import { TEMPORARY } from "../thread/store";

/** What is typed into the conversation that is never stored is not stored either. */
const write = (id: string, text: string): void => {
  if (id !== TEMPORARY) remember(`draft.${id}`, text);
};

/** What is typed and not sent, kept per conversation in this browser. */
export function useDraft(id: string): readonly [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => ({ id, text: recall(`draft.${id}`) ?? "" }));
  const timer = useRef(0);
  const now = draft.id === id ? draft : { id, text: recall(`draft.${id}`) ?? "" };
  if (now !== draft) setDraft(now);
  const set = useCallback(
    (text: string) => {
      setDraft({ id, text });
      clearTimeout(timer.current);
      const keep = () => write(id, text);
      if (text === "") keep();
      else timer.current = window.setTimeout(keep, 200);
    },
    [id],
  );
  useEffect(() => {
    const keep = () => write(now.id, now.text);
    addEventListener("pagehide", keep);
    return () => removeEventListener("pagehide", keep);
  }, [now]);
  return [now.text, set];
}
