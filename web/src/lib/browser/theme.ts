/** Light, dark, or what the system says. layout.tsx sets the same before the first paint. */

import { useCallback, useSyncExternalStore } from "react";
import { useStored } from "./stored";

export type Theme = "system" | "light" | "dark";

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [stored, store] = useStored("theme");
  const set = useCallback(
    (theme: Theme) => {
      store(theme === "system" ? null : theme);
      if (theme === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
    },
    [store],
  );
  return [stored === "light" || stored === "dark" ? stored : "system", set];
}

const DARK = "(prefers-color-scheme: dark)";

function listen(told: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener("change", told);
  return () => query.removeEventListener("change", told);
}

/** Tell whether the page is dark now. */
export function useDark(): boolean {
  const [theme] = useTheme();
  const system = useSyncExternalStore(
    listen,
    () => matchMedia(DARK).matches,
    () => false,
  );
  return theme === "system" ? system : theme === "dark";
}
