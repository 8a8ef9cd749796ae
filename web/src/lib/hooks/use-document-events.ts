/** Be told, at most twice a second, that the reading of documents has gone on. */

"use client";

import { useEffect, useRef } from "react";

const PAUSE_MS = 500;

export function useDocumentEvents(onChange: () => void): void {
  const told = useRef(onChange);
  told.current = onChange;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hear = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        told.current();
      }, PAUSE_MS);
    };
    addEventListener("olamchat.document", hear);
    return () => {
      clearTimeout(timer);
      removeEventListener("olamchat.document", hear);
    };
  }, []);
}
