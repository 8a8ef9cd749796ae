/** What the page says of collections and documents. */
export const knowledge = {
  "knowledge.add": "إضافة مستندات",
  "knowledge.addFolder": "إضافة مجلد",
  "knowledge.all": "الكل",
  "knowledge.away": "حُذف المستند؛ هذا ما استُشهد به.",
  "knowledge.choose": "الإجابة من المستندات",
  "knowledge.chooseAbout": "تستشهد الإجابات بما تجده في هذه المجموعات.",
  "knowledge.collections": "المجموعات",
  "knowledge.count":
    "{count, plural, zero:لا مستندات, one:مستند واحد, two:مستندان, few:# مستندات, many:# مستندًا, other:# مستند}",
  "knowledge.cut": "طويل جدًا: النهاية ناقصة",
  "knowledge.delete": "حذف {name}",
  "knowledge.deleted": "حُذف {name}.",
  "knowledge.download": "فتح المستند",
  "knowledge.drop":
    "أفلت الملفات أو المجلدات هنا: PDF وWord وExcel وPowerPoint وOpenDocument وEPUB وصفحات الويب وMarkdown والجداول وأي نص.",
  "knowledge.empty": "لا توجد مستندات بعد.",
  "knowledge.failed": "تتعذر قراءته",
  "knowledge.failedOnly": "غير مقروءة ({count})",
  "knowledge.lead": "مستندات يمكن للإجابات الاستشهاد بها. اختر مجموعة أسفل مربع الرسالة للسؤال عنها.",
  "knowledge.name": "الاسم",
  "knowledge.new": "مجموعة جديدة",
  "knowledge.none": "لا توجد مجموعات بعد. أنشئ واحدة وأفلت المستندات فيها.",
  "knowledge.page": "ص {page}",
  "knowledge.passage": "المقطع {number}",
  "knowledge.reading":
    "جارٍ القراءة: {count, plural, zero:لا مقاطع, one:مقطع واحد, two:مقطعان, few:# مقاطع, many:# مقطعًا, other:# مقطع}",
  "knowledge.ready":
    "{count, plural, zero:لا مقاطع, one:مقطع واحد, two:مقطعان, few:# مقاطع, many:# مقطعًا, other:# مقطع}",
  "knowledge.rename": "إعادة تسمية {name}",
  "knowledge.retry": "إعادة محاولة {name}",
  "knowledge.sources": "المستندات",
  "knowledge.uploading": "جارٍ رفع {done} من {all}",
  "knowledge.uploadFailed": "تعذر رفع {name}: {why}",
  "knowledge.waiting": "في انتظار القراءة",
} as const;
