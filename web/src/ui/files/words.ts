/** What is said of a file that was refused. */

import { ProblemError } from "@/lib/api";
import type { FileLimits } from "@/lib/api/files";
import { size } from "@/lib/format";
import type { Translate } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";

export function wordsForFile(error: unknown, limits: FileLimits | undefined, t: Translate, language: string): string {
  const code = error instanceof ProblemError ? error.code : "";
  switch (code) {
    case "file.tooLarge":
    case "file_too_large":
      return t("files.tooLarge", { size: size(limits?.file_bytes ?? 0, language) });
    case "file.tooMany":
      return t("files.tooMany", { count: limits?.files_per_message ?? 0 });
    case "file.empty":
      return t("files.empty");
    case "file_type_refused":
      return t("files.refused");
    case "storage_full":
      return t("files.full");
    default:
      return wordsFor(error, t);
  }
}

/** Whether sending the same file again may help. */
export const mayHelp = (error: unknown): boolean =>
  !(error instanceof ProblemError) || error.status >= 500 || error.status === 429;
