/** A newer version of the page. */
export const update = {
  "update.now": "Change to it",
  "update.ready": "A newer version of this page is there.",
} as const;
