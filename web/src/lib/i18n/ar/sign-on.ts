import type { signOn as english } from "../en/sign-on";

/** Signing in by a provider, in Arabic. */
export const signOn: Record<keyof typeof english, string> = {
  "signOn.accountDisabled": "هذا الحساب معطّل. تواصل مع المشرف.",
  "signOn.cancelled": "لم يسجّل المزوّد دخولك.",
  "signOn.closed": "التسجيل مغلق. تواصل مع المشرف.",
  "signOn.domainRefused": "لا يُسمح بتسجيل الدخول بنطاق هذا البريد الإلكتروني.",
  "signOn.emailUnverified": "لا يؤكد المزوّد أن هذا البريد الإلكتروني لك. وثّقه هناك ثم حاول مجددًا.",
  "signOn.failed": "فشل تسجيل الدخول عبر المزوّد. حاول مجددًا.",
  "signOn.identityTaken": "الحساب ذو هذا البريد الإلكتروني يخص شخصًا آخر لدى المزوّد. تواصل مع المشرف.",
  "signOn.or": "أو",
  "signOn.passwordFirst": "تسجّل الدخول عبر المزوّد وحده. بكلمة مرور يمكنك الدخول عندما يتعذر الوصول إليه.",
  "signOn.with": "تسجيل الدخول عبر {name}",
  "signOn.wrongInvitation": "هذه الدعوة غير صالحة أو انتهت صلاحيتها.",
};
