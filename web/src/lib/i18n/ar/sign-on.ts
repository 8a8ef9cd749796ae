import type { signOn as english } from "../en/sign-on";

/** Signing in by a provider, in Arabic. */
export const signOn: Record<keyof typeof english, string> = {
  "signOn.accountDisabled": "هذا الحساب معطّل. اسأل من يدير هذا الخادم.",
  "signOn.cancelled": "لم يسجّل المزوّد دخولك.",
  "signOn.closed": "لا يمكن لأحد التسجيل هنا بنفسه. اسأل من يدير هذا الخادم.",
  "signOn.domainRefused": "لا يمكن الدخول هنا بنطاق هذا البريد الإلكتروني.",
  "signOn.emailUnverified": "لا يؤكد المزوّد أن هذا البريد الإلكتروني لك. وثّقه هناك ثم حاول مجددًا.",
  "signOn.failed": "لم ينجح تسجيل الدخول عبر المزوّد. حاول مرة أخرى.",
  "signOn.identityTaken": "الحساب ذو هذا البريد الإلكتروني يخص شخصًا آخر لدى المزوّد. اسأل من يدير هذا الخادم.",
  "signOn.or": "أو",
  "signOn.passwordFirst": "تسجّل الدخول عبر المزوّد وحده. بكلمة مرور يمكنك الدخول عندما يتعذر الوصول إليه.",
  "signOn.with": "تسجيل الدخول عبر {name}",
  "signOn.wrongInvitation": "هذه الدعوة غير صالحة أو لم تعد صالحة.",
};
