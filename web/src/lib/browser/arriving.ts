/** A text that comes with the address, or by another app's Share: it becomes the draft of a new chat, and is never sent by itself. */

import { recall, remember } from "./stored";

/** `/?q=…` as one types it into a browser; the others are the manifest's `share_target`. */
const NAMES = ["q", "title", "text", "url"] as const;
const MOST = 20_000;

/** The text that an address brings, "" where it brings none. An app says the same thing in several fields as often as not. */
export function arriving(search: string): string {
  const query = new URLSearchParams(search);
  const parts = NAMES.map((name) => query.get(name)?.trim() ?? "").filter(Boolean);
  const said = parts.filter(
    (part, at) => !parts.some((other, index) => index !== at && other.includes(part) && (other !== part || index < at)),
  );
  return said.join("\n\n").slice(0, MOST);
}

/** Put what the address brings below what is drafted already, and take it out of the address. */
export function takeArriving(draft: string): void {
  if (location.pathname !== "/" || location.search === "") return;
  const text = arriving(location.search);
  if (text) remember(draft, [recall(draft)?.trim(), text].filter(Boolean).join("\n\n"));
  history.replaceState(null, "", `/${location.hash}`);
}
