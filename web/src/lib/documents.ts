/** How far index workers have come with a document, in words. */

import type { KnownDocument } from "./api/knowledge";
import type { Translate } from "./i18n";

export function documentState(document: KnownDocument, t: Translate): string {
  switch (document.state) {
    case "failed":
      return document.error?.message ?? t("knowledge.failed");
    case "ready": {
      const read = t("knowledge.ready", { count: document.chunks ?? 0 });
      return [read, document.cut && t("knowledge.cut"), document.error?.message].filter(Boolean).join(" · ");
    }
    case "running":
      return t("knowledge.reading", { count: document.kept });
    default:
      return t("knowledge.waiting");
  }
}
