/** What comes with signing in besides e-mail and password. In Chinese. */
export const entry = {
  "entry.code": "验证码",
  "entry.codeHint": "请输入身份验证器应用中的验证码。如果不在身边，请输入恢复代码。",
  "entry.expired": "操作超时。请返回并重新输入密码。",
  "entry.wrongCode": "验证码不正确或已被使用。",
  "entry.choose": "设置新密码",
  "entry.chosen": "新密码已生效，您已在所有设备上退出登录。请使用新密码登录。",
  "entry.forgot": "忘记密码？",
  "entry.forgotAbout": "请输入您的邮箱，我们将发送用于设置新密码的链接。",
  "entry.newPassword": "新密码",
  "entry.noMail": "此服务器无法发送邮件。请联系管理员为您设置新密码。",
  "entry.send": "发送链接",
  "entry.sent": "如果该邮箱有对应的账户，链接已发送。链接 30 分钟内有效。",
  "entry.toSignIn": "返回登录",
  "entry.wrongLink": "此链接无效、已使用或已过期。请重新请求。",
  "entry.confirmEmail": "确认新邮箱",
  "entry.emailChanged": "邮箱已更改。今后请使用新邮箱登录。",
};
