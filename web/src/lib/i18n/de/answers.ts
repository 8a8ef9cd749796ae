/** What is said at an answer. */
export const answers = {
  "answer.down": "Schlechte Antwort",
  "answer.up": "Gute Antwort",
  "sidebar.asks": "Wartet auf dein OK",
  "status.acting": "Verwendet Werkzeuge …",
  "status.asks": "Wartet auf dein OK",
} as const;
