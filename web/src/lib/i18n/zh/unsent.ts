/** What was said and nothing sends by itself. */
export const unsent = {
  "saying.unsent": "尚未发送",
};
