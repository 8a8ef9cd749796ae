/** What the page says of the prompt library. */
export const prompts = {
  "prompts.about": "Eine Vorlage ist ein Text, den Sie am Anfang einer Nachricht mit / und ihrem Namen aufrufen.",
  "prompts.asksFor": "Fragt nach: {names}",
  "prompts.deleteAbout":
    "Auch ihre Versionen werden gelöscht, und niemand, mit dem sie geteilt ist, kann sie noch nutzen.",
  "prompts.deleteDo": "Vorlage löschen",
  "prompts.export": "Eigene Vorlagen als Datei speichern",
  "prompts.handle": "Rufname",
  "prompts.handleHint": "Kleinbuchstaben, Ziffern und Bindestriche. Später nicht mehr änderbar.",
  "prompts.import": "Aus einer Datei importieren (auch von Open WebUI)",
  "prompts.name": "Name",
  "prompts.new": "Neue Vorlage",
  "prompts.noFile": "In dieser Datei sind keine Vorlagen.",
  "prompts.none": "Noch keine Vorlagen.",
  "prompts.taken": "{count, plural, one:# Vorlage wurde importiert., other:# Vorlagen wurden importiert.}",
  "prompts.text": "Text",
  "prompts.textHint": "Setzen Sie in zwei Paar geschweifte Klammern, was sich ändert; ein Typ ist möglich.",
} as const;
