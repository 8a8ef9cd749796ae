/** Files on their way in. */
export const moving = {
  "transfer.why.file": "لم يُستورد ملف:",
  "transfer.why.fileTooLarge": "ملف أكبر من الحد المسموح ولم يُستورد:",
};
