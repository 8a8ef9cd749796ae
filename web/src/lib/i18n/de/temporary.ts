/** The conversation that is never stored. */
export const temporary = {
  "temporary.about":
    "Temporärer Chat: Nichts wird gespeichert. Er ist weg, wenn du diese Seite neu lädst oder schließt.",
  "temporary.begin": "Temporärer Chat",
  "temporary.leave": "Temporären Chat verlassen",
  "temporary.noFiles": "In einem temporären Chat sind keine Dateien möglich, weil sie gespeichert würden.",
  "temporary.title": "Temporärer Chat",
} as const;
