/** Searching, and the message that a hit leads to. */
export const find = {
  "find.archived": "Archiviert",
  "find.copyLink": "Link zu dieser Nachricht kopieren",
  "find.gone": "Diese Nachricht gibt es nicht mehr.",
  "find.older": "Die Nachricht wird gesucht …",
};
