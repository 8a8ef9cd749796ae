/** What was said and nothing sends by itself. */
export const unsent = {
  "saying.unsent": "This was not sent yet",
} as const;
