/** What did not fit the model's context. */
export const leftOut = {
  "leftOut.gone":
    "{count, plural, zero:لا رسائل, one:رسالة أقدم واحدة, two:رسالتان أقدم, few:# رسائل أقدم, many:# رسالة أقدم, other:# رسالة أقدم} لم تُرسل: لا يستطيع هذا النموذج قراءة المزيد دفعة واحدة.",
  "leftOut.meter": "لم تعد البداية تتّسع: قرأ النموذج {used} من أصل {length} رمزًا.",
  "leftOut.summarised":
    "{count, plural, zero:لا رسائل, one:رسالة أقدم واحدة, two:رسالتان أقدم, few:# رسائل أقدم, many:# رسالة أقدم, other:# رسالة أقدم} أُرسلت ملخّصةً: لا يستطيع هذا النموذج قراءة المزيد دفعة واحدة.",
};
