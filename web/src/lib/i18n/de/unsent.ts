/** What was said and nothing sends by itself. */
export const unsent = {
  "saying.unsent": "Noch nicht gesendet",
};
