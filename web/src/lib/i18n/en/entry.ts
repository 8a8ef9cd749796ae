/** What comes with signing in besides e-mail and password. English: fetched when it is wanted. */
export const entry = {
  "entry.code": "Code",
  "entry.codeHint": "From your authenticator app. If you don't have it with you, enter a recovery code.",
  "entry.expired": "This took too long. Go back and enter your password again.",
  "entry.wrongCode": "This code is wrong, or it was already used.",
} as const;
