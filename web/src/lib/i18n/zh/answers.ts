/** What is said at an answer. */
export const answers = {
  "answer.down": "回答得不好",
  "answer.up": "回答得好",
} as const;
