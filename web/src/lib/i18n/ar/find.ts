/** Searching, and the message that a hit leads to. */
export const find = {
  "find.archived": "مؤرشفة",
  "find.copyLink": "نسخ رابط الرسالة",
  "find.gone": "لم تعد هذه الرسالة موجودة.",
  "find.older": "جارٍ البحث عن الرسالة…",
};
