/** What was said and nothing sends by itself. */
export const unsent = {
  "saying.unsent": "Das ist noch nicht gesendet",
};
