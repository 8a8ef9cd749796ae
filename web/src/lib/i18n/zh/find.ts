/** Searching, and the message that a hit leads to. */
export const find = {
  "find.archived": "已归档",
  "find.copyLink": "复制消息链接",
  "find.gone": "这条消息已不存在。",
  "find.older": "正在查找这条消息…",
};
