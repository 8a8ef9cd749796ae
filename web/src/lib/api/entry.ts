/** A new password by mail. */

import { call } from "./call";

export const askReset = (email: string, language: string) =>
  call<void>("POST", "/api/auth/password/ask", { body: { email, language }, retryAs: "never" });
export const choosePassword = (token: string, password: string) =>
  call<void>("POST", "/api/auth/password/choose", { body: { token, password }, retryAs: "never" });
