/** Files on their way in. */
export const moving = {
  "transfer.why.file": "Eine Datei blieb zurück:",
  "transfer.why.fileTooLarge": "Eine Datei ist zu groß und blieb zurück:",
};
