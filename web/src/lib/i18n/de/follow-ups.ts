/** Was auf dem Server wartet, während eine Antwort geschrieben wird. */
export const followUps = {
  "followUps.drop": "Entfernen",
  "followUps.edit": "Bearbeiten",
  "followUps.gone": "Die Nachricht wurde schon gesendet.",
  "followUps.held": "Du hast die Antwort gestoppt. Diese Nachricht wartet auf dich.",
  "followUps.label": "Nachrichten, die als Nächstes gesendet werden",
  "followUps.refused": "Nicht gesendet: {why}",
} as const;
