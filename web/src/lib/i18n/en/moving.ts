/** Files on their way in. */
export const moving = {
  "transfer.why.canvas": "Imported without its canvas.",
  "transfer.why.cutOff": "The file ends in the middle of a conversation.",
  "transfer.why.file": "A file was skipped:",
  "transfer.why.fileTooLarge": "A file was too large and was skipped:",
  "transfer.why.parts": "Imported without parts that can't be shown:",
  "transfer.why.tools": "Imported without its tool steps.",
} as const;
