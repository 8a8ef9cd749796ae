/** What did not fit the model's context. */
export const leftOut = {
  "leftOut.gone":
    "{count, plural, one:# ältere Nachricht wurde, other:# ältere Nachrichten wurden} weggelassen: Mehr kann dieses Modell nicht auf einmal lesen.",
  "leftOut.meter":
    "Die ältesten Nachrichten passen nicht mehr hinein: Das Modell hat {used} seiner {length} Token gelesen.",
  "leftOut.summarised":
    "{count, plural, one:# ältere Nachricht wurde, other:# ältere Nachrichten wurden} zusammengefasst: Mehr kann dieses Modell nicht auf einmal lesen.",
};
