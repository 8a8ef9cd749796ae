/** What did not fit the model's context. */
export const leftOut = {
  "leftOut.gone":
    "{count, plural, one:# older message was, other:# older messages were} left out because this model can't read any more at once.",
  "leftOut.meter": "The oldest messages no longer fit: the model read {used} of its {length} tokens.",
  "leftOut.summarised":
    "{count, plural, one:# older message was, other:# older messages were} summarized because this model can't read any more at once.",
} as const;
