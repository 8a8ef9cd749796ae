/** What was said and nothing sends by itself. */
export const unsent = {
  "saying.unsent": "لم تُرسل بعد",
};
