/** What is said at an answer. */
export const answers = {
  "answer.down": "Bad answer",
  "answer.up": "Good answer",
} as const;
