import type { Message } from "@/lib/api";
import type { Key } from "@/lib/i18n";

const ENDS: Readonly<Record<string, Key>> = {
  length: "answer.length",
  content_filter: "answer.filtered",
  refusal: "answer.refused",
  tool_calls: "answer.toolCall",
};

/** What there is to say of an answer that ended by itself: why it may not be what was hoped for. */
export function remark({ status, content, usage }: Pick<Message, "status" | "content" | "usage">): Key | null {
  if (status !== "done") return null;
  return ENDS[usage?.finish_reason ?? ""] ?? (content.trim() === "" ? "answer.empty" : null);
}
