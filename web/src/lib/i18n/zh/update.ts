/** A newer version of the page. */
export const update = {
  "update.now": "重新加载",
  "update.ready": "有新版本可用。",
} as const;
