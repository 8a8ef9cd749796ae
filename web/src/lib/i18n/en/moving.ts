/** Files on their way in. */
export const moving = {
  "transfer.why.file": "A file stayed behind:",
  "transfer.why.fileTooLarge": "A file is too large and stayed behind:",
} as const;
