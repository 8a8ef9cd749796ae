import useSWR from "swr";
import { SERVER_PROMPTS, type ServerPrompt, serverPrompts } from "@/lib/api/tools";
import type { Variable } from "@/lib/prompts/variables";
import type { Entry } from "./entry";

/** `/server:prompt` lets a tool server begin the message; what it wants to know is asked first. */
export function useServerPrompts(onAsk: (prompt: ServerPrompt) => void): readonly Entry[] {
  const { data } = useSWR(SERVER_PROMPTS, serverPrompts, { revalidateOnFocus: false, shouldRetryOnError: false });
  return (data ?? []).map((prompt) => ({
    key: `${prompt.server}:${prompt.name}`,
    name: `/${prompt.server}:${prompt.name}`,
    about: [prompt.title, prompt.description].filter(Boolean).join(" · "),
    take: () => {
      onAsk(prompt);
      return null;
    },
  }));
}

/** What a server's prompt wants to know, as the variables of one's own prompts. */
export const variablesOfArguments = (prompt: ServerPrompt): readonly Variable[] =>
  prompt.arguments.map(({ name, description, required }) => ({
    name,
    type: "text",
    fallback: "",
    placeholder: description,
    required,
    options: [],
  }));
