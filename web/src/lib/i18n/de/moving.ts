/** Files on their way in. */
export const moving = {
  "transfer.why.canvas": "Ohne den Canvas importiert.",
  "transfer.why.cutOff": "Die Datei endet mitten in einer Unterhaltung.",
  "transfer.why.file": "Eine Datei blieb zurück:",
  "transfer.why.fileTooLarge": "Eine Datei ist zu groß und blieb zurück:",
  "transfer.why.parts": "Ohne Teile importiert, die sich nicht darstellen lassen:",
  "transfer.why.tools": "Ohne die Schritte der Werkzeuge importiert.",
};
