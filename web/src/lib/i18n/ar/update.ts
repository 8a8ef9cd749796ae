/** A newer version of the page. */
export const update = {
  "update.now": "انتقل إليها",
  "update.ready": "تتوفر نسخة أحدث من هذه الصفحة.",
} as const;
