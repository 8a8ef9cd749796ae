/** Files on their way in. */
export const moving = {
  "transfer.why.canvas": "استُوردت دون اللوحة.",
  "transfer.why.cutOff": "ينتهي الملف في وسط محادثة.",
  "transfer.why.file": "تم تخطي ملف:",
  "transfer.why.fileTooLarge": "ملف كبير جدًا تم تخطيه:",
  "transfer.why.parts": "استُوردت دون أجزاء لا يمكن عرضها:",
  "transfer.why.tools": "استُوردت دون خطوات الأدوات.",
};
