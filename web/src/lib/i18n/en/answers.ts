/** What is said at an answer. */
export const answers = {
  "answer.askAbout": "Ask about this",
  "answer.down": "Bad answer",
  "answer.moreSources": "{count, plural, one:# more source, other:# more sources}",
  "answer.sources": "Sources",
  "answer.sourcesRead": "{count, plural, one:# source was read, other:# sources were read}",
  "answer.up": "Good answer",
  "sidebar.asks": "Waiting for your OK",
  "status.acting": "Using tools…",
  "status.asks": "Waiting for your OK",
} as const;
