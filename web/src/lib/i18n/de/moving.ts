/** Files on their way in. */
export const moving = {
  "transfer.why.canvas": "Ohne den Canvas importiert.",
  "transfer.why.cutOff": "Die Datei endet mitten in einer Unterhaltung.",
  "transfer.why.file": "Eine Datei wurde übersprungen:",
  "transfer.why.fileTooLarge": "Eine Datei war zu groß und wurde übersprungen:",
  "transfer.why.parts": "Ohne Teile importiert, die sich nicht darstellen lassen:",
  "transfer.why.tools": "Ohne Werkzeugschritte importiert.",
};
