/** What is said at an answer. */
export const answers = {
  "answer.down": "回答得不好",
  "answer.up": "回答得好",
  "sidebar.asks": "等待你的确认",
  "status.acting": "正在使用工具…",
  "status.asks": "等待你的确认",
} as const;
