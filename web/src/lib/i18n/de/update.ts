/** A newer version of the page. */
export const update = {
  "update.now": "Neu laden",
  "update.ready": "Eine neue Version ist verfügbar.",
} as const;
