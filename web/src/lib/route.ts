/** The addresses of the page. The whole page is one export, so a change of address asks the server for nothing. */

import { useSyncExternalStore } from "react";

export type Route =
  | { readonly screen: "chat"; readonly id: string | null }
  | { readonly screen: "temporary" }
  | { readonly screen: "login" }
  | { readonly screen: "signup" }
  | { readonly screen: "forgot" }
  | { readonly screen: "reset" }
  | { readonly screen: "email" }
  | { readonly screen: "account"; readonly section: string }
  | { readonly screen: "admin"; readonly section: string }
  | { readonly screen: "assistants" }
  | { readonly screen: "prompts" }
  | { readonly screen: "knowledge"; readonly id: string | null }
  | { readonly screen: "shared"; readonly token: string }
  | { readonly screen: "missing" };

/** Read a path. */
export function routeOf(path: string): Route {
  const parts = path.split("/").filter(Boolean);
  const [first, second] = parts;
  if (parts.length === 0) return { screen: "chat", id: null };
  if (first === "c" && parts.length === 2) return { screen: "chat", id: second ?? null };
  if ((first === "temporary" || first === "assistants" || first === "prompts") && parts.length === 1)
    return { screen: first };
  if (first === "login" && parts.length === 1) return { screen: "login" };
  if ((first === "signup" || first === "forgot" || first === "reset" || first === "email") && parts.length === 1)
    return { screen: first };
  if (first === "account" && parts.length <= 2) return { screen: "account", section: second ?? "profile" };
  if (first === "knowledge" && parts.length <= 2) return { screen: "knowledge", id: second ?? null };
  if (first === "share" && parts.length === 2) return { screen: "shared", token: second ?? "" };
  if (first === "admin" && parts.length <= 2) return { screen: "admin", section: second ?? "users" };
  return { screen: "missing" };
}

export const chatPath = (id: string | null) => (id === null ? "/" : `/c/${id}`);

/** The address of one message: what is read is found again by it. */
export const messagePath = (id: string, messageId: string) => `${chatPath(id)}#m-${messageId}`;

/** Read the message that an address leads to from the part behind its #. */
export const messageOf = (hash: string): string | null => /^#m-([0-9a-f-]{36})$/.exec(hash)?.[1] ?? null;

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

/** Go to a path; `replace` leaves no step back. */
export function go(path: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (path === hereNow()) return;
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  tell();
}

/** The address that is shown now, within this place. */
export const hereNow = (): string => location.pathname + location.search + location.hash;

let round = 0;

/** Go to a message, once more where the address leads there already. */
export function goToMessage(id: string, messageId: string): void {
  go(messagePath(id, messageId));
  round += 1;
  tell();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

/** The path that is shown now. */
export const usePath = (): string =>
  useSyncExternalStore(
    listen,
    () => location.pathname,
    () => "/",
  );

/** The message that the address leads to, and how often somebody was led. */
export function useTarget(): { readonly message: string | null; readonly round: number } {
  const hash = useSyncExternalStore(
    listen,
    () => location.hash,
    () => "",
  );
  const led = useSyncExternalStore(
    listen,
    () => round,
    () => 0,
  );
  return { message: messageOf(hash), round: led };
}

export const useRoute = (): Route => routeOf(usePath());
