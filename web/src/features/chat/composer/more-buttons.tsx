"use client";

import { EffortButton } from "./effort-button";
import { KnowledgeButton } from "./knowledge-button";
import type { OfConversation } from "./settings";
import { ToolsButton } from "./tools-button";

/** What else the answers of a conversation may use: tools, documents, and time to think. */
export function MoreButtons(props: OfConversation) {
  return (
    <>
      <ToolsButton {...props} />
      <KnowledgeButton {...props} />
      <EffortButton {...props} />
    </>
  );
}
