/** Claude.ai's export: conversations with a list of messages, of which later exports name the one before. */

import { isObject, type Json, type Parsed, textOf, timeOf } from "../talk";
import { joined } from "../thoughts";
import type { Node } from "../tree";
import { finished, idOf, LeftBehind, listOf } from "./one";

export const isClaude = (value: unknown): value is Json => isObject(value) && Array.isArray(value.chat_messages);

/** Read one conversation. */
export function fromClaude(given: Json): Parsed {
  const left = new LeftBehind();
  const messages = listOf(given.chat_messages);
  const created = timeOf(given.created_at);
  return finished({
    title: given.name,
    nodes: messages.map((message, at) => nodeOf(message, messages[at - 1], left)),
    shown: given.current_leaf_message_uuid ?? messages.at(-1)?.uuid,
    left,
    about: {
      source: "claude",
      source_id: idOf(given.uuid, created, given.name),
      created_at: created,
      updated_at: timeOf(given.updated_at),
      pinned: given.is_starred === true,
    },
  });
}

function nodeOf(message: Json, before: Json | undefined, left: LeftBehind): Node {
  for (const file of [...listOf(message.attachments), ...listOf(message.files)])
    left.add("files", textOf(file.file_name));
  const parts = listOf(message.content);
  for (const part of parts) leavePart(part, left);
  const words = joined(parts.filter(({ type }) => type === "text").map(({ text }) => textOf(text)));
  return {
    id: textOf(message.uuid),
    parent: textOf(message.parent_message_uuid ?? before?.uuid) || null,
    role: message.sender === "human" ? "user" : message.sender === "assistant" ? "assistant" : null,
    content: words || textOf(message.text).trim(),
    reasoning: joined(parts.filter(({ type }) => type === "thinking").map(({ thinking }) => textOf(thinking))),
    at: timeOf(message.created_at),
  };
}

function leavePart({ type, name }: Json, left: LeftBehind): void {
  if (type === "tool_use") left.add(name === "artifacts" ? "canvas" : "tools");
  else if (!["text", "thinking", "tool_result"].includes(textOf(type))) left.add("parts", textOf(type));
}
