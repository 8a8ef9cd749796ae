/** Open WebUI's export: a list of chats, each with a `history` of messages that form a tree, or, from older ones, a plain list. */

import { isObject, type Json, type Left, nameOf, type Parsed, type Talk, textOf, timeOf } from "./talk";
import { type Node, straighten } from "./tree";

export const isOpenWebUi = (value: unknown): value is readonly Json[] =>
  Array.isArray(value) && value.some((each) => isObject(each) && isObject(each.chat));

/** Read all chats of a file. */
export function fromOpenWebUi(list: readonly Json[]): Parsed {
  const talks: Talk[] = [];
  const left: Left[] = [];
  for (const each of list) {
    const chat = isObject(each.chat) ? each.chat : null;
    const title = nameOf(each.title ?? chat?.title) ?? "";
    const nodes = chat ? nodesOf(chat) : null;
    if (chat === null || nodes === null) {
      left.push({ title, why: "unreadable" });
      continue;
    }
    const tree = straighten(nodes.map(({ node }) => node));
    if (tree.messages.length === 0) {
      left.push({ title, why: "empty" });
      continue;
    }
    if (nodes.some(({ files }) => files)) left.push({ title, why: "files" });
    const shown = isObject(chat.history) ? tree.nameOf(textOf(chat.history.currentId)) : undefined;
    const system = nameOf(isObject(chat.params) ? chat.params.system : chat.system, 20_000);
    const created = timeOf(each.created_at ?? chat.timestamp);
    talks.push({
      source: "openwebui",
      source_id: nameOf(each.id ?? chat.id) ?? `${created} ${title}`.slice(0, 200),
      title: title || null,
      created_at: created,
      updated_at: timeOf(each.updated_at),
      archived: each.archived === true,
      pinned: each.pinned === true,
      settings: system === null ? {} : { system_prompt: system },
      ...(shown === undefined ? {} : { shown }),
      messages: tree.messages,
    });
  }
  return { talks, left };
}

interface Found {
  readonly node: Node;
  readonly files: boolean;
}

function nodesOf(chat: Json): readonly Found[] | null {
  if (isObject(chat.history) && isObject(chat.history.messages))
    return Object.entries(chat.history.messages).map(([id, message]) => found(id, message, undefined));
  if (!Array.isArray(chat.messages)) return null;
  return chat.messages.map((message: unknown, at) => found(String(at), message, at === 0 ? null : String(at - 1)));
}

function found(id: string, value: unknown, parent: string | null | undefined): Found {
  const message = isObject(value) ? value : {};
  const role = message.role === "user" || message.role === "assistant" ? message.role : null;
  const { words, thoughts } = divided(contentOf(message.content));
  const node: Node = {
    id,
    parent: parent === undefined ? (typeof message.parentId === "string" ? message.parentId : null) : parent,
    role,
    content: words,
    reasoning: role === "assistant" ? thoughts : "",
    model: nameOf(message.model, 300),
    at: timeOf(message.timestamp),
  };
  return { node, files: Array.isArray(message.files) && message.files.length > 0 };
}

function contentOf(content: unknown): string {
  if (!Array.isArray(content)) return textOf(content);
  return content.map((part: unknown) => (isObject(part) ? textOf(part.text) : textOf(part))).join("");
}

const THOUGHTS = /<details type="reasoning"[^>]*>\s*(?:<summary>[\s\S]*?<\/summary>)?([\s\S]*?)<\/details>/g;

/** What was thought is kept apart from what was said: it comes as a quote within a <details>. */
function divided(content: string): { readonly words: string; readonly thoughts: string } {
  const thoughts = [...content.matchAll(THOUGHTS)].map((match) =>
    (match[1] ?? "").replace(/^(?:>|&gt;) ?/gm, "").trim(),
  );
  return { words: content.replace(THOUGHTS, "").trim(), thoughts: thoughts.filter(Boolean).join("\n\n") };
}
