/** A newer version of the page. */
export const update = {
  "update.now": "Zu ihr wechseln",
  "update.ready": "Eine neuere Version dieser Seite ist da.",
} as const;
