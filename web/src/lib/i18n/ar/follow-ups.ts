/** ما ينتظر على الخادم أثناء كتابة الإجابة. */
export const followUps = {
  "followUps.drop": "إزالة",
  "followUps.edit": "تعديل",
  "followUps.gone": "أُرسلت الرسالة بالفعل.",
  "followUps.held": "لقد أوقفت الإجابة. هذه الرسالة بانتظارك.",
  "followUps.label": "رسائل ستُرسل لاحقًا",
  "followUps.refused": "لم تُرسل: {why}",
} as const;
