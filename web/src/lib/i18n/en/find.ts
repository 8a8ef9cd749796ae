/** Searching, and the message that a hit leads to. */
export const find = {
  "find.archived": "Archived",
  "find.copyLink": "Copy the link to this message",
  "find.gone": "That message is no longer there.",
  "find.older": "Looking for the message…",
} as const;
