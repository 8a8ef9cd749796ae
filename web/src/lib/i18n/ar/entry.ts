/** What comes with signing in besides e-mail and password. In Arabic. */
export const entry = {
  "entry.code": "الرمز",
  "entry.codeHint": "من تطبيق المصادقة. إذا لم يكن معك، فأدخل رمز استرداد.",
  "entry.expired": "استغرق ذلك وقتًا طويلًا. ارجع وأدخل كلمة المرور مرة أخرى.",
  "entry.wrongCode": "هذا الرمز غير صحيح، أو سبق استخدامه.",
};
