/** What did not fit the model's context. */
export const leftOut = {
  "leftOut.gone":
    "{count, plural, one:# ältere Nachricht wurde, other:# ältere Nachrichten wurden} weggelassen: Mehr kann dieses Modell nicht auf einmal lesen.",
  "leftOut.meter": "Der Anfang passt nicht mehr hinein: Das Modell hat {used} seiner {length} Tokens gelesen.",
  "leftOut.summarised":
    "{count, plural, one:# ältere Nachricht wurde, other:# ältere Nachrichten wurden} zusammengefasst: Mehr kann dieses Modell nicht auf einmal lesen.",
};
