/** The conversation that is never stored. */
export const temporary = {
  "temporary.about": "Temporary chat: nothing is saved. It's gone when you reload or close this page.",
  "temporary.begin": "Temporary chat",
  "temporary.leave": "Leave temporary chat",
  "temporary.noFiles": "Files can't be added to a temporary chat, because they would be stored.",
  "temporary.title": "Temporary chat",
} as const;
