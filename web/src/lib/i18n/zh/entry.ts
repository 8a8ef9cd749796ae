/** What comes with signing in besides e-mail and password. In Chinese. */
export const entry = {
  "entry.code": "验证码",
  "entry.codeHint": "请输入身份验证器应用中的验证码。如果不在身边，请输入恢复代码。",
  "entry.expired": "操作超时。请返回并重新输入密码。",
  "entry.wrongCode": "验证码不正确或已被使用。",
};
