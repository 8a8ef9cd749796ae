/** What did not fit the model's context. */
export const leftOut = {
  "leftOut.gone":
    "{count, plural, one:# ältere Nachricht wurde, other:# ältere Nachrichten wurden} weggelassen: Mehr kann dieses Modell nicht auf einmal lesen.",
  "leftOut.summarised":
    "{count, plural, one:# ältere Nachricht wurde, other:# ältere Nachrichten wurden} zusammengefasst: Mehr kann dieses Modell nicht auf einmal lesen.",
};
