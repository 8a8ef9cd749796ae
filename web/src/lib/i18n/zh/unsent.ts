/** What was said and nothing sends by itself. */
export const unsent = {
  "saying.unsent": "这条消息还没有发送",
};
