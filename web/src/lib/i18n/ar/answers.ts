/** What is said at an answer. */
export const answers = {
  "answer.down": "إجابة سيئة",
  "answer.up": "إجابة جيدة",
} as const;
