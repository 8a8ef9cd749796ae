/** What the page says of the prompt library. */
export const prompts = {
  "prompts.about": "القالب نصّ تستدعيه بكتابة / ثم اسمه في بداية الرسالة.",
  "prompts.asksFor": "يسأل عن: {names}",
  "prompts.deleteAbout": "تُحذف إصداراته أيضًا، ولن يستطيع من شورك معهم استخدامه.",
  "prompts.deleteDo": "حذف القالب",
  "prompts.export": "حفظ قوالبك كملف",
  "prompts.handle": "الاسم الذي يُستدعى به",
  "prompts.handleHint": "أحرف لاتينية صغيرة وأرقام وشرطات. لا يمكن تغييره لاحقًا.",
  "prompts.import": "استيراد من ملف (من Open WebUI أيضًا)",
  "prompts.name": "الاسم",
  "prompts.new": "قالب جديد",
  "prompts.noFile": "لا توجد قوالب في هذا الملف.",
  "prompts.none": "لا توجد قوالب بعد.",
  "prompts.taken":
    "{count, plural, zero:لم يُستورد أي قالب., one:استُورد قالب واحد., two:استُورد قالبان., few:استُوردت # قوالب., many:استُورد # قالبًا., other:استُورد # قالب.}",
  "prompts.text": "النص",
  "prompts.textHint": "ضع ما يتغيّر بين زوجين من الأقواس المعقوفة، مع نوعه إن شئت.",
} as const;
