/** What is said at an answer. */
export const answers = {
  "answer.down": "Bad answer",
  "answer.up": "Good answer",
  "sidebar.asks": "Waiting for your OK",
  "status.acting": "Using tools…",
  "status.asks": "Waiting for your OK",
} as const;
