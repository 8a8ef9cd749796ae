"use client";

import { KnowledgeButton } from "./knowledge-button";
import type { OfConversation } from "./settings";
import { ToolsButton } from "./tools-button";

/** What else the answers of a conversation may use: tools, and documents. */
export function MoreButtons(props: OfConversation) {
  return (
    <>
      <ToolsButton {...props} />
      <KnowledgeButton {...props} />
    </>
  );
}
