import { useModels } from "@/lib/data";
import type { Entry } from "./entry";

/** `@` calls an assistant: it answers from then on. */
export function useAssistants(onModel: (name: string) => void): readonly Entry[] {
  const { data } = useModels();
  return (data?.items ?? []).flatMap((model) => {
    if (model.assistant == null) return [];
    const about = [model.display_name, model.assistant.description].filter(Boolean).join(" · ");
    const take = () => {
      onModel(model.name);
      return "";
    };
    return [{ key: model.name, name: model.name, about, take }];
  });
}
