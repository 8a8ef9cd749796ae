/** Passkeys on the account page. In Arabic. */
export const passkeys = {
  "passkeys.about":
    "سجّل الدخول ببصمتك أو وجهك أو مفتاح أمان دون كتابة. بعد إضافة مفتاح مرور لن تكفي كلمة المرور وحدها.",
  "passkeys.add": "إضافة مفتاح مرور",
  "passkeys.added": "أُضيف مفتاح المرور.",
  "passkeys.created": "أُضيف {time}",
  "passkeys.elsewhere":
    "لم تُفتح هذه الصفحة على {host}، أو لا يدعم متصفحك مفاتيح المرور: يمكن إضافتها هناك بمتصفح يدعمها.",
  "passkeys.name": "الاسم",
  "passkeys.none": "ليس لديك أي منها بعد.",
  "passkeys.off": "لا يمكن استخدام مفاتيح المرور على عنوان هذا الخادم.",
  "passkeys.remove": "إزالة",
  "passkeys.removeAbout": "لن يسجّل «{name}» دخولك بعد الآن. احذفه من جهازك أيضًا.",
  "passkeys.removeOne": "إزالة {name}",
  "passkeys.removed": "أُزيل مفتاح المرور.",
  "passkeys.rename": "إعادة تسمية مفتاح المرور",
  "passkeys.renameOne": "إعادة تسمية {name}",
  "passkeys.save": "حفظ",
  "passkeys.synced": "متزامن",
  "passkeys.there": "لدى هذا الجهاز مفتاح مرور لحسابك بالفعل.",
  "passkeys.title": "مفاتيح المرور",
  "passkeys.unused": "لم يُستخدم قط",
  "passkeys.used": "آخر استخدام {time}",
};
