import { useModels } from "../data";

/** Whether the model looks at images; null where that is not known. Without a name it is the one that the server would take. */
export function useSight(model: string | null): boolean | null {
  const { data } = useModels();
  const known = model === null ? data?.items[0] : data?.items.find((each) => each.name === model);
  return known === undefined ? null : known.capabilities.includes("vision");
}
