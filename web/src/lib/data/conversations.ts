/** The list of conversations, page by page, and what changes it without a fetch. */

import { mutate } from "swr";
import useSWRInfinite, { unstable_serialize } from "swr/infinite";
import * as api from "../api";

type Pages = readonly api.Page<api.Conversation>[];

/** The key of the list's next page, or null behind the last one. */
const keyOf = (query: api.ListQuery) => (index: number, before: api.Page<api.Conversation> | null) => {
  if (index > 0 && before?.next_cursor == null) return null;
  return api.conversationsPath({ ...query, cursor: before?.next_cursor ?? null });
};

/** How many pages of a list are being fetched. */
let fetching = 0;

async function fetchPage(path: string): Promise<api.Page<api.Conversation>> {
  fetching += 1;
  try {
    return await api.conversationsAt(path);
  } finally {
    fetching -= 1;
  }
}

export const useConversations = (query: api.ListQuery = {}) =>
  useSWRInfinite<api.Page<api.Conversation>>(keyOf(query), fetchPage, {
    revalidateOnFocus: false,
    revalidateFirstPage: false,
    persistSize: true,
    keepPreviousData: true,
  });

/** Both lists that hold conversations: what is archived is in the second one alone. */
const LISTS: readonly api.ListQuery[] = [{}, { archived: true }];

/**
 * Put a conversation at its place, newest first, if it belongs in this list: the archive, or the other one.
 * What is older than all that was fetched stays out: it comes with its own page.
 */
export function placed(pages: Pages, conversation: api.Conversation, archive = false): Pages {
  const rest = removed(pages, conversation.id);
  if (conversation.archived !== archive) return rest;
  const earlier = (item: api.Conversation) => item.updated_at <= conversation.updated_at;
  const found = rest.findIndex((page) => page.items.some(earlier));
  const at = found < 0 && rest.at(-1)?.next_cursor == null ? rest.length - 1 : found;
  return rest.map((page, index) => {
    if (index !== at) return page;
    const before = page.items.filter((item) => !earlier(item));
    return { ...page, items: [...before, conversation, ...page.items.slice(before.length)] };
  });
}

export const removed = (pages: Pages, id: string): Pages =>
  pages.map((page) =>
    page.items.some((item) => item.id === id) ? { ...page, items: page.items.filter((item) => item.id !== id) } : page,
  );

/** SWR drops what it was fetching when a key changes: then the list is fetched again, or it would stay as it was, empty at worst. */
function change(how: (pages: Pages, archive: boolean) => Pages): void {
  for (const query of LISTS) {
    const key = unstable_serialize(keyOf(query));
    const dropped = fetching > 0;
    void mutate<Pages>(key, (pages) => (pages ? how(pages, query.archived === true) : pages), { revalidate: false });
    if (dropped) void mutate(key);
  }
}

/** Show a conversation as it is now, in the lists and on its own. */
export function showConversation(conversation: api.Conversation): void {
  change((pages, archive) => placed(pages, conversation, archive));
  void mutate(api.conversationPath(conversation.id), conversation, { revalidate: false });
}

/** Change some members of a conversation that is shown, where it stands. */
export function patchShown(id: string, part: Partial<api.Conversation>): void {
  change((pages) =>
    pages.map((page) => ({ ...page, items: page.items.map((item) => (item.id === id ? { ...item, ...part } : item)) })),
  );
  void mutate<api.Conversation>(api.conversationPath(id), (old) => (old ? { ...old, ...part } : old), {
    revalidate: false,
  });
}

export const hideConversation = (id: string): void => change((pages) => removed(pages, id));

/** Fetch both lists again. */
export const refreshConversations = (): Promise<unknown> =>
  Promise.all(LISTS.map((query) => mutate(unstable_serialize(keyOf(query)))));

/** Empty all that was fetched, for the next person. */
export async function forgetAll(): Promise<void> {
  await mutate(() => true, undefined, { revalidate: false });
  for (const query of LISTS) {
    await mutate(unstable_serialize(keyOf(query)), undefined, { revalidate: false });
  }
}

/** Fetch anew all that is shown: what was emptied a moment ago is not fetched again by itself. */
export async function refreshAll(): Promise<void> {
  await Promise.all([mutate((key) => typeof key === "string" && key !== "/api/auth/me"), refreshConversations()]);
}
