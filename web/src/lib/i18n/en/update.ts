/** A newer version of the page. */
export const update = {
  "update.now": "Reload",
  "update.ready": "A new version is available.",
} as const;
