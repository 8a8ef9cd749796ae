/** ChatGPT's export: a list of conversations, each a `mapping` of nodes that form a tree. */

import { isObject, type Json, type Left, nameOf, type Parsed, type Talk, textOf, timeOf } from "./talk";
import { type Node, straighten } from "./tree";

export const isChatGpt = (value: unknown): value is readonly Json[] =>
  Array.isArray(value) && value.some((each) => isObject(each) && isObject(each.mapping));

/** Read all conversations of a file. */
export function fromChatGpt(list: readonly Json[]): Parsed {
  const talks: Talk[] = [];
  const left: Left[] = [];
  for (const each of list) {
    const title = nameOf(each.title) ?? "";
    if (!isObject(each.mapping)) {
      left.push({ title, why: "unreadable" });
      continue;
    }
    let files = 0;
    const nodes = Object.entries(each.mapping).map(([id, node]) => nodeOf(id, node, () => files++));
    const tree = straighten(nodes);
    const shown = tree.nameOf(textOf(each.current_node));
    if (tree.messages.length === 0) {
      left.push({ title, why: "empty" });
      continue;
    }
    if (files > 0) left.push({ title, why: "files" });
    talks.push({
      source: "chatgpt",
      source_id: nameOf(each.conversation_id ?? each.id) ?? `${timeOf(each.create_time)} ${title}`.slice(0, 200),
      title: title || null,
      created_at: timeOf(each.create_time),
      updated_at: timeOf(each.update_time),
      archived: each.is_archived === true,
      pinned: each.is_starred === true,
      ...(shown === undefined ? {} : { shown }),
      messages: tree.messages,
    });
  }
  return { talks, left };
}

function nodeOf(id: string, node: unknown, onFile: () => void): Node {
  const parent = isObject(node) && typeof node.parent === "string" ? node.parent : null;
  const message = isObject(node) && isObject(node.message) ? node.message : {};
  const author = isObject(message.author) ? message.author.role : null;
  const meta = isObject(message.metadata) ? message.metadata : {};
  const content = isObject(message.content) ? message.content : {};
  const hidden = meta.is_visually_hidden_from_conversation === true;
  // What goes to a tool and comes from it is no part of the talk.
  const spoken = author === "user" || (author === "assistant" && (message.recipient ?? "all") === "all");
  if (!spoken || hidden) return { id, parent, role: null, content: "" };
  return {
    id,
    parent,
    role: author,
    content: wordsOf(content, onFile),
    reasoning: thoughtsOf(content),
    model: nameOf(meta.model_slug),
    at: timeOf(message.create_time),
  };
}

const SPOKEN: ReadonlySet<unknown> = new Set(["text", "multimodal_text"]);

function wordsOf(content: Json, onFile: () => void): string {
  if (!SPOKEN.has(content.content_type) || !Array.isArray(content.parts)) return "";
  const words = content.parts.map((part: unknown) => {
    if (typeof part === "string") return textOf(part);
    if (isObject(part) && part.content_type === "audio_transcription") return textOf(part.text);
    onFile();
    return "";
  });
  return words
    .filter((text) => text !== "")
    .join("\n\n")
    .trim();
}

function thoughtsOf(content: Json): string {
  if (content.content_type !== "thoughts" || !Array.isArray(content.thoughts)) return "";
  return content.thoughts
    .map((thought: unknown) => (isObject(thought) ? textOf(thought.content) || textOf(thought.summary) : ""))
    .filter((text) => text !== "")
    .join("\n\n");
}
