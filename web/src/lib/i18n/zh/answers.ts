/** What is said at an answer. */
export const answers = {
  "answer.askAbout": "就此提问",
  "answer.down": "回答得不好",
  "answer.moreSources": "另有 {count} 个来源",
  "answer.sources": "来源",
  "answer.sourcesRead": "已阅读 {count} 个来源",
  "answer.up": "回答得好",
  "sidebar.asks": "等待你的确认",
  "status.acting": "正在使用工具…",
  "status.asks": "等待你的确认",
} as const;
