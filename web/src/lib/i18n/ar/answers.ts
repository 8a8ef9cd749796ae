/** What is said at an answer. */
export const answers = {
  "answer.askAbout": "اسأل عن هذا",
  "answer.down": "إجابة سيئة",
  "answer.moreSources": "مصادر أخرى: {count}",
  "answer.sources": "المصادر",
  "answer.sourcesRead": "مصادر تمت قراءتها: {count}",
  "answer.up": "إجابة جيدة",
  "sidebar.asks": "بانتظار موافقتك",
  "status.acting": "يستخدم الأدوات…",
  "status.asks": "بانتظار موافقتك",
} as const;
