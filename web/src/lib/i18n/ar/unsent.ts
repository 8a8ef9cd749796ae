/** What was said before the page was loaded anew. */
export const unsent = {
  "saying.unsent": "لم تُرسل هذه الرسالة بعد",
};
