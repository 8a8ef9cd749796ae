/** What is said at an answer. */
export const answers = {
  "answer.down": "Schlechte Antwort",
  "answer.up": "Gute Antwort",
} as const;
