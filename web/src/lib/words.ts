/** Turn a failure into a sentence for people. */

import { OfflineError, ProblemError } from "./api";
import { dateTime } from "./format";
import type { Key, Translate } from "./i18n";

const KNOWN: Readonly<Record<string, Key>> = {
  answer_in_progress: "problem.answerInProgress",
  email_taken: "problem.emailTaken",
  unknown_model: "problem.unknownModel",
  too_large: "problem.tooLarge",
  unavailable: "problem.unavailable",
  not_found: "problem.notFound",
  question_changed: "problem.questionChanged",
  not_signed_in: "problem.notSignedIn",
  wrong_login: "auth.wrong",
};

/** Say what happened, in the person's language where the code is known, else in the server's words. */
export function wordsFor(error: unknown, t: Translate): string {
  if (error instanceof OfflineError) return t("problem.offline");
  if (!(error instanceof ProblemError)) return t("problem.unexpected");
  if (error.code === "too_many") {
    return error.retryAfterS ? t("problem.tooManyIn", { seconds: error.retryAfterS }) : t("problem.tooMany");
  }
  if (error.code === "quota_exceeded" && typeof error.extra.resets_at === "string") {
    return t("problem.quota", { time: dateTime(error.extra.resets_at, document.documentElement.lang) });
  }
  const known = KNOWN[error.code];
  if (known !== undefined) return t(known);
  return error.fields.map((field) => field.message).join(" ") || error.message || t("problem.unexpected");
}
