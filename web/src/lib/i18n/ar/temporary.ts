/** The conversation that is never stored. */
export const temporary = {
  "temporary.about": "محادثة مؤقتة: لا يُحفظ منها شيء، وتزول عند إعادة تحميل هذه الصفحة أو إغلاقها.",
  "temporary.begin": "محادثة مؤقتة",
  "temporary.leave": "مغادرة المحادثة المؤقتة",
  "temporary.noFiles": "لا تقبل المحادثة المؤقتة ملفات، لأنها ستُخزَّن.",
  "temporary.title": "محادثة مؤقتة",
} as const;
