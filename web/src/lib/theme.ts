/** Light, dark, or what the system says. layout.tsx sets the same before the first paint. */

import { useCallback } from "react";
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
