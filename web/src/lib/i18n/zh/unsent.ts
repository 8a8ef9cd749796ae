/** What was said before the page was loaded anew. */
export const unsent = {
  "saying.unsent": "这条消息还没有发送",
};
