/** What waits on the server while an answer is written. */
export const followUps = {
  "followUps.drop": "Remove",
  "followUps.edit": "Edit",
  "followUps.gone": "It has already been sent.",
  "followUps.held": "You stopped the answer. This waits for you.",
  "followUps.label": "Messages that go out next",
  "followUps.refused": "Not sent: {why}",
} as const;
