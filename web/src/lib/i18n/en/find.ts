/** Searching, and the message that a hit leads to. */
export const find = {
  "find.archived": "Archived",
  "find.copyLink": "Copy link to message",
  "find.gone": "That message no longer exists.",
  "find.older": "Looking for the message…",
} as const;
