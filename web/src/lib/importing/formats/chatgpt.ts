/** ChatGPT's export: conversations, each a `mapping` of nodes that form a tree. */

import { isObject, type Json, nameOf, type Parsed, textOf, timeOf } from "../talk";
import type { Node } from "../tree";
import { withSources } from "./chatgpt-sources";
import { finished, idOf, LeftBehind, listOf, unreadable } from "./one";

/** Tell whether it is ChatGPT's: others have a mapping too, whose messages have no author. */
export function isChatGpt(value: unknown): value is Json {
  if (!isObject(value) || !("mapping" in value)) return false;
  const messages = Object.values(isObject(value.mapping) ? value.mapping : {})
    .map((node) => isObject(node) && node.message)
    .filter(isObject);
  return messages.every((message) => isObject(message.author));
}

/** Read one conversation. */
export function fromChatGpt(given: Json): Parsed {
  const { title } = given;
  if (!isObject(given.mapping)) return unreadable(title);
  const left = new LeftBehind();
  const model = nameOf(given.default_model_slug);
  const created = timeOf(given.create_time);
  return finished({
    title,
    nodes: Object.entries(given.mapping).map(([id, node]) => nodeOf(id, node, model, left)),
    shown: given.current_node,
    left,
    about: {
      source: "chatgpt",
      source_id: idOf(given.conversation_id ?? given.id, created, title),
      created_at: created,
      updated_at: timeOf(given.update_time),
      archived: given.is_archived === true,
      pinned: given.is_starred === true,
    },
  });
}

function nodeOf(id: string, node: unknown, model: string | null, left: LeftBehind): Node {
  const parent = isObject(node) && typeof node.parent === "string" ? node.parent : null;
  const message = isObject(node) && isObject(node.message) ? node.message : {};
  const meta = isObject(message.metadata) ? message.metadata : {};
  const content = isObject(message.content) ? message.content : {};
  const hidden = meta.is_visually_hidden_from_conversation === true;
  const role = roleOf(message);
  if (role === null && !hidden) leaveStep(message, content, left);
  if (role === null || hidden) return { id, parent, role: null, content: "" };
  for (const file of listOf(meta.attachments)) left.add("files", textOf(file.name));
  return {
    id,
    parent,
    role,
    content: withSources(wordsOf(content, left), meta),
    reasoning: thoughtsOf(content),
    model: nameOf(meta.model_slug) ?? model,
    at: timeOf(message.create_time),
  };
}

/** Who speaks; null for what goes to a tool and comes from it. */
function roleOf(message: Json): Node["role"] {
  const role = isObject(message.author) ? message.author.role : null;
  if (role === "user") return "user";
  return role === "assistant" && (message.recipient ?? "all") === "all" ? "assistant" : null;
}

/** Name what of a tool's step was to be seen: a canvas, pictures, and that there was one. */
function leaveStep(message: Json, content: Json, left: LeftBehind): void {
  const role = isObject(message.author) ? message.author.role : null;
  if (partsOf(content).some(isPicture)) left.add("files");
  if (role !== "assistant" || typeof message.recipient !== "string") return;
  if (message.recipient.startsWith("canmore")) left.add("canvas");
  else if (!/^(?:dalle|t2uay3k|image_gen)/.test(message.recipient)) left.add("tools");
}

const SPOKEN: ReadonlySet<unknown> = new Set(["text", "multimodal_text"]);
/** Not of the talk: what was thought stands apart, how long it took and what a person told about themselves is not shown. */
const SILENT: ReadonlySet<unknown> = new Set([
  undefined,
  "thoughts",
  "reasoning_recap",
  "user_editable_context",
  "model_editable_context",
]);

const partsOf = (content: Json): readonly unknown[] => (Array.isArray(content.parts) ? content.parts : []);
const isPicture = (part: unknown) => isObject(part) && part.content_type === "image_asset_pointer";

function wordsOf(content: Json, left: LeftBehind): string {
  if (!SPOKEN.has(content.content_type)) {
    if (!SILENT.has(content.content_type)) left.add("parts", textOf(content.content_type));
    return "";
  }
  return partsOf(content)
    .map((part) => wordsOfPart(part, left))
    .filter((text) => text !== "")
    .join("\n\n")
    .trim();
}

function wordsOfPart(part: unknown, left: LeftBehind): string {
  if (typeof part === "string") return textOf(part);
  if (isObject(part) && part.content_type === "audio_transcription") return textOf(part.text);
  left.add("files");
  return "";
}

function thoughtsOf(content: Json): string {
  if (content.content_type !== "thoughts" || !Array.isArray(content.thoughts)) return "";
  return content.thoughts
    .map((thought: unknown) => (isObject(thought) ? textOf(thought.content) || textOf(thought.summary) : ""))
    .filter((text) => text !== "")
    .join("\n\n");
}
