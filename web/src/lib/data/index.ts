/** What the server knows, as hooks: SWR keeps one copy of each for all who ask. */

import useSWR, { mutate, preload } from "swr";
import * as api from "../api";
import { takeAnswered } from "./answered";

const steady = { revalidateOnFocus: false, keepPreviousData: true } as const;
const ME = "/api/auth/me";
const MODELS = "/api/models";

/** Who is signed in; `undefined` while nobody knows, `null` for nobody. */
export function useMe() {
  return useSWR<api.User | null>(ME, whoAmI, { ...steady, shouldRetryOnError: (error) => api.passing(error) });
}

/** Ask who is signed in before anything is shown. */
export const prepareMe = (): void => void Promise.resolve(preload(ME, whoAmI)).catch(() => undefined);

async function whoAmI(): Promise<api.User | null> {
  if (!api.mayBeSignedIn()) return null;
  try {
    return await api.me();
  } catch (error) {
    if (error instanceof api.ProblemError && error.status === 401) return null;
    throw error;
  }
}

export const setMe = (user: api.User | null) => mutate(ME, user, { revalidate: false });

export const useModels = (enabled = true) =>
  useSWR(enabled ? MODELS : null, api.models, { refreshInterval: 20_000, keepPreviousData: true });

export const useConversation = (id: string | null) =>
  useSWR(id === null ? null : api.conversationPath(id), () => readConversation(id ?? ""), {
    revalidateOnFocus: false,
    shouldRetryOnError: (error) => api.passing(error),
  });

/** Read a conversation, unless the request that began it has just told what it is. */
export const readConversation = async (id: string): Promise<api.Conversation> =>
  takeAnswered<api.Conversation>(api.conversationPath(id)) ?? api.conversation(id);

export { keepAnswered, takeAnswered } from "./answered";
export * from "./conversations";
