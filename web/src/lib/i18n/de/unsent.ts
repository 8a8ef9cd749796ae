/** What was said before the page was loaded anew. */
export const unsent = {
  "saying.unsent": "Das ist noch nicht gesendet",
};
