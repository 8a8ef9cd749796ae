/** The conversation that is never stored. */
export const temporary = {
  "temporary.about":
    "Temporärer Chat: Nichts davon wird gespeichert. Er ist weg, wenn du diese Seite neu lädst oder schließt.",
  "temporary.begin": "Temporärer Chat",
  "temporary.leave": "Temporären Chat verlassen",
  "temporary.noFiles": "Ein temporärer Chat nimmt keine Dateien an: Sie würden gespeichert.",
  "temporary.title": "Temporärer Chat",
} as const;
