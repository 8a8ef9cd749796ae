/** What was said before the page was loaded anew. */
export const unsent = {
  "saying.unsent": "This was not sent yet",
} as const;
