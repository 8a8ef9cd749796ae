/** Files on their way in. */
export const moving = {
  "transfer.why.canvas": "استُوردت دون اللوحة.",
  "transfer.why.cutOff": "ينتهي الملف في وسط محادثة.",
  "transfer.why.file": "لم يُستورد ملف:",
  "transfer.why.fileTooLarge": "ملف أكبر من الحد المسموح ولم يُستورد:",
  "transfer.why.parts": "استُوردت دون أجزاء لا يمكن عرضها:",
  "transfer.why.tools": "استُوردت دون خطوات الأدوات.",
};
