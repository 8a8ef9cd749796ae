/** A newer version of the page. */
export const update = {
  "update.now": "إعادة التحميل",
  "update.ready": "يتوفر إصدار جديد.",
} as const;
