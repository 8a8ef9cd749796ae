/** Open WebUI's export: chats, each with a `history` of messages that form a tree, or, from older ones, a plain list. */

import { isObject, type Json, nameOf, type Parsed, textOf, timeOf } from "../talk";
import { divided, joined } from "../thoughts";
import type { Node } from "../tree";
import { finished, idOf, LeftBehind, listOf, unreadable } from "./one";
import { withoutDetails } from "./openwebui-details";

export const isOpenWebUi = (value: unknown): value is Json =>
  isObject(value) && (isObject(value.chat) || (isObject(value.history) && isObject(value.history.messages)));

/** Read one chat, with what the server keeps of it or without. */
export function fromOpenWebUi(given: Json): Parsed {
  const chat = isObject(given.chat) ? given.chat : given;
  const title = given.title ?? chat.title;
  const left = new LeftBehind();
  const nodes = nodesOf(chat, left);
  if (nodes === null) return unreadable(title);
  const system = nameOf(isObject(chat.params) ? chat.params.system : chat.system, 20_000);
  const created = timeOf(given.created_at ?? chat.timestamp);
  return finished({
    title,
    nodes,
    shown: isObject(chat.history) ? chat.history.currentId : undefined,
    left,
    about: {
      source: "openwebui",
      source_id: idOf(given.id ?? chat.id, created, title),
      created_at: created,
      updated_at: timeOf(given.updated_at),
      archived: given.archived === true,
      pinned: given.pinned === true,
      settings: system === null ? {} : { system_prompt: system },
    },
  });
}

function nodesOf(chat: Json, left: LeftBehind): readonly Node[] | null {
  if (isObject(chat.history) && isObject(chat.history.messages))
    return Object.entries(chat.history.messages).map(([id, message]) => nodeOf(id, message, undefined, left));
  if (!Array.isArray(chat.messages)) return null;
  return chat.messages.map((message: unknown, at) =>
    nodeOf(String(at), message, at === 0 ? null : String(at - 1), left),
  );
}

function nodeOf(id: string, value: unknown, before: string | null | undefined, left: LeftBehind): Node {
  const message = isObject(value) ? value : {};
  const role: Node["role"] = message.role === "user" || message.role === "assistant" ? message.role : null;
  for (const file of listOf(message.files)) left.add("files", textOf(file.name));
  if (role === null && textOf(message.content) !== "") left.add("parts", textOf(message.role));
  if (listOf(message.sources ?? message.citations).length > 0) left.add("parts", "sources");
  if (listOf(message.code_executions).length > 0) left.add("tools");
  const said = {
    id,
    parent: before === undefined ? textOf(message.parentId) || null : before,
    role,
    at: timeOf(message.timestamp),
  };
  const content = contentOf(message.content, left);
  if (role !== "assistant") return { ...said, content: content.trim() };
  const { words, thoughts } = withoutDetails(content, () => left.add("tools"));
  const inTags = divided(words);
  return {
    ...said,
    content: inTags.words.trim(),
    reasoning: joined([thoughts, inTags.thoughts]),
    model: nameOf(message.model, 300),
  };
}

function contentOf(content: unknown, left: LeftBehind): string {
  if (!Array.isArray(content)) return textOf(content);
  return content
    .map((part: unknown) => {
      if (!isObject(part)) return textOf(part);
      if (part.type !== undefined && part.type !== "text") left.add("files");
      return textOf(part.text);
    })
    .join("");
}
