/** What comes with signing in besides e-mail and password. English: fetched when it is wanted. */
export const entry = {
  "entry.code": "Code",
  "entry.codeHint": "From your authenticator app. If you don't have it with you, enter a recovery code.",
  "entry.expired": "This took too long. Go back and enter your password again.",
  "entry.wrongCode": "This code is wrong, or it was already used.",
  "entry.choose": "Choose a new password",
  "entry.chosen": "Your new password is set, and you've been signed out everywhere. Sign in with it.",
  "entry.forgot": "Forgot your password?",
  "entry.forgotAbout": "Enter your email, and we'll send you a link to choose a new one.",
  "entry.newPassword": "New password",
  "entry.noMail": "This server can't send email. Ask your administrator: they can give you a new password.",
  "entry.send": "Send link",
  "entry.sent": "If there is an account with this email, a link is on its way to it. It works for 30 minutes.",
  "entry.toSignIn": "Back to sign-in",
  "entry.wrongLink": "This link is invalid, was already used, or has expired. Ask for a new one.",
  "entry.confirmEmail": "Confirm your new email",
  "entry.emailChanged": "Your email is changed. From now on, sign in with it.",
} as const;
