/** What is said at an answer. */
export const answers = {
  "answer.askAbout": "Dazu fragen",
  "answer.down": "Schlechte Antwort",
  "answer.moreSources": "{count, plural, one:# weitere Quelle, other:# weitere Quellen}",
  "answer.sources": "Quellen",
  "answer.sourcesRead": "{count, plural, one:# Quelle gelesen, other:# Quellen gelesen}",
  "answer.up": "Gute Antwort",
  "sidebar.asks": "Wartet auf dein OK",
  "status.acting": "Verwendet Werkzeuge …",
  "status.asks": "Wartet auf dein OK",
} as const;
