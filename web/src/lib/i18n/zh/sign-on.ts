import type { signOn as english } from "../en/sign-on";

/** Signing in by a provider, in Chinese. */
export const signOn: Record<keyof typeof english, string> = {
  "signOn.accountDisabled": "此账户已停用。请联系管理员。",
  "signOn.cancelled": "身份提供方未允许您登录。",
  "signOn.closed": "注册已关闭。请联系管理员。",
  "signOn.domainRefused": "此邮箱域名不能在这里登录。",
  "signOn.emailUnverified": "身份提供方未确认此邮箱属于您。请先在那里验证邮箱，然后重试。",
  "signOn.failed": "通过身份提供方登录失败。请重试。",
  "signOn.identityTaken": "使用此邮箱的账户在身份提供方属于他人。请联系管理员。",
  "signOn.or": "或",
  "signOn.passwordFirst": "您目前只通过身份提供方登录。设置密码后，即使无法连接它也能登录。",
  "signOn.with": "使用 {name} 登录",
  "signOn.wrongInvitation": "此邀请无效或已过期。",
};
