/** A newer version of the page. */
export const update = {
  "update.now": "切换到新版本",
  "update.ready": "此页面有新版本。",
} as const;
