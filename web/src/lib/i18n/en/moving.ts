/** Files on their way in. */
export const moving = {
  "transfer.why.canvas": "Imported without its canvas.",
  "transfer.why.cutOff": "The file ends in the middle of a conversation.",
  "transfer.why.file": "A file stayed behind:",
  "transfer.why.fileTooLarge": "A file is too large and stayed behind:",
  "transfer.why.parts": "Imported without parts of a kind that can't be shown:",
  "transfer.why.tools": "Imported without the steps of its tools.",
} as const;
