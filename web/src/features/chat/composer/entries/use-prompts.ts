import useSWR from "swr";
import { PROMPTS, type Prompt, prompts } from "@/lib/api/prompts";
import { useMe } from "@/lib/data";
import { filled, variablesOf } from "@/lib/prompts/variables";
import type { Entry } from "./entry";

/** `/` calls a prompt: its text takes the place of what was typed, once its variables are known. */
export function usePrompts(onAsk: (prompt: Prompt) => void): readonly Entry[] {
  const { data } = useSWR(PROMPTS, prompts, { revalidateOnFocus: false, shouldRetryOnError: false });
  const fill = useFill();
  return (data ?? []).map((prompt) => ({
    key: prompt.id,
    name: `/${prompt.handle}`,
    about: prompt.name,
    take: () => {
      if (variablesOf(prompt.text).length === 0) return fill(prompt, new Map());
      onAsk(prompt);
      return null;
    },
  }));
}

/** Returns what makes a message of a prompt and the values of its variables. */
export function useFill(): (prompt: Prompt, values: ReadonlyMap<string, string>) => string {
  const { data: me } = useMe();
  return (prompt, values) => {
    const language = document.documentElement.lang;
    return filled(prompt.text, values, { now: new Date(), language, userName: me?.name ?? "" });
  };
}
