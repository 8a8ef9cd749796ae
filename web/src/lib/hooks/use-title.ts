import { useEffect } from "react";

/** Name the tab while the component is there. */
export function useTitle(words: string): void {
  useEffect(() => {
    document.title = `${words} · olamchat`;
  }, [words]);
}
