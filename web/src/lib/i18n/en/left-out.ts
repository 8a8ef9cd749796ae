/** What did not fit the model's context. */
export const leftOut = {
  "leftOut.gone":
    "{count, plural, one:# older message was, other:# older messages were} left out: this model can't read more at once.",
  "leftOut.meter": "The beginning no longer fits: the model read {used} of its {length} tokens.",
  "leftOut.summarised":
    "{count, plural, one:# older message was, other:# older messages were} sent as a summary: this model can't read more at once.",
} as const;
