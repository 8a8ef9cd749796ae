/** Our own export: one conversation with all its messages. */

import { type Enclosure, isObject, type Json, nameOf, type Parsed, type Talk, textOf, timeOf } from "../talk";
import type { Node } from "../tree";
import { finished, LeftBehind, unreadable } from "./one";

export const isOwn = (value: unknown): value is Json => isObject(value) && value.format === "olamchat/1";

const SETTINGS = ["system_prompt", "temperature", "top_p", "max_tokens", "seed", "stop"] as const;

/** Read one conversation. */
export function fromOwn(whole: Json): Parsed {
  const conversation = isObject(whole.conversation) ? whole.conversation : {};
  const id = nameOf(conversation.id);
  if (id === null || !Array.isArray(whole.messages)) return unreadable(conversation.title);
  const messages = whole.messages.filter(isObject);
  const left = new LeftBehind();
  if (messages.some((message) => attached(message).some((file) => enclosure(file) === null))) left.add("files");
  return finished({
    title: conversation.title,
    nodes: messages.map(nodeOf),
    shown: conversation.active_leaf_id,
    left,
    about: {
      source: "olamchat",
      source_id: id,
      model: nameOf(conversation.model, 300),
      settings: settingsOf(conversation.settings),
      pinned: conversation.pinned === true,
      archived: conversation.archived === true,
      created_at: timeOf(conversation.created_at),
      updated_at: timeOf(conversation.updated_at),
    },
  });
}

const attached = (message: Json): readonly Json[] =>
  Array.isArray(message.attachments) ? message.attachments.filter(isObject) : [];

/** A file that lies in the same ZIP; null for one whose name alone was exported. */
function enclosure(file: Json): Enclosure | null {
  const name = nameOf(file.name);
  return typeof file.path === "string" && name !== null ? { name, path: file.path } : null;
}

const nodeOf = (message: Json): Node => ({
  id: textOf(message.id),
  parent: typeof message.parent_id === "string" ? message.parent_id : null,
  role: message.role === "user" || message.role === "assistant" ? message.role : null,
  content: textOf(message.content),
  reasoning: textOf(message.reasoning),
  model: nameOf(message.model, 300),
  at: timeOf(message.created_at),
  files: attached(message).flatMap((file) => enclosure(file) ?? []),
});

function settingsOf(value: unknown): NonNullable<Talk["settings"]> {
  const given = isObject(value) ? value : {};
  return Object.fromEntries(SETTINGS.filter((name) => given[name] != null).map((name) => [name, given[name]]));
}
