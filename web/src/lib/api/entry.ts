/** What is done by links in mails: a new password, another e-mail. */

import { call } from "./call";

export const askReset = (email: string, language: string) =>
  call<void>("POST", "/api/auth/password/ask", { body: { email, language }, retryAs: "never" });
export const choosePassword = (token: string, password: string) =>
  call<void>("POST", "/api/auth/password/choose", { body: { token, password }, retryAs: "never" });
export const askEmail = (email: string, password: string, language: string) =>
  call<void>("POST", "/api/auth/email", { body: { email, password, language } });
export const confirmEmail = (token: string, language: string) =>
  call<void>("POST", "/api/auth/email/confirm", { body: { token, language }, retryAs: "never" });
