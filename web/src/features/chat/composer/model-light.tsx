import type { Model } from "@/lib/api";
import { useT } from "@/lib/i18n";

const LIGHTS = {
  loaded: "bg-accent",
  loading: "bg-warn animate-breathe",
  cold: "border-2 border-line-strong",
  down: "bg-danger",
} as const;

/** Whether a model is loaded, as a small light. */
export function ModelLight({ state }: { readonly state: Model["state"] }) {
  const t = useT();
  return (
    <span role="img" aria-label={t(`models.${state}`)} className={`size-2.5 shrink-0 rounded-full ${LIGHTS[state]}`} />
  );
}
