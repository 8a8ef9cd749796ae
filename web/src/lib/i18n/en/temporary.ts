/** The conversation that is never stored. */
export const temporary = {
  "temporary.about": "Temporary chat: nothing of it is stored. It is gone when you reload or close this page.",
  "temporary.begin": "Temporary chat",
  "temporary.leave": "Leave the temporary chat",
  "temporary.noFiles": "A temporary chat takes no files: they would be stored.",
  "temporary.title": "Temporary chat",
} as const;
