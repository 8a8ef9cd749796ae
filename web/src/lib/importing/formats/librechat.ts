/** LibreChat's export of a conversation: its messages in a list, or each with its `children`. */

import { isObject, type Json, nameOf, type Parsed, textOf, timeOf } from "../talk";
import { divided, joined } from "../thoughts";
import type { Node } from "../tree";
import { finished, idOf, LeftBehind, listOf } from "./one";

export const isLibreChat = (value: unknown): value is Json =>
  isObject(value) &&
  typeof value.conversationId === "string" &&
  (Array.isArray(value.messages) || Array.isArray(value.messagesTree));

/** Read one conversation. */
export function fromLibreChat(given: Json): Parsed {
  const left = new LeftBehind();
  const options = isObject(given.options) ? given.options : {};
  const messages = all(listOf(given.messages ?? given.messagesTree));
  const system = nameOf(options.promptPrefix ?? options.system, 20_000);
  return finished({
    title: given.title,
    nodes: messages.map(({ message, parent }) => nodeOf(message, parent, left)),
    shown: messages.at(-1)?.message.messageId,
    left,
    about: {
      source: "librechat",
      source_id: idOf(given.conversationId, timeOf(given.exportAt), given.title),
      created_at: timeOf(messages[0]?.message.createdAt),
      updated_at: timeOf(given.exportAt),
      model: nameOf(options.model ?? given.model, 300),
      settings: system === null ? {} : { system_prompt: system },
    },
  });
}

interface Found {
  readonly message: Json;
  readonly parent: string | null;
}

/** All messages, each after the one it answers, where they lie within each other. */
function all(roots: readonly Json[]): readonly Found[] {
  const found: Found[] = [];
  const waiting = roots.map((message) => ({ message, parent: null as string | null })).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    found.push(next);
    const parent = textOf(next.message.messageId);
    for (const message of listOf(next.message.children).toReversed()) waiting.push({ message, parent });
  }
  return found;
}

function nodeOf(message: Json, parent: string | null, left: LeftBehind): Node {
  for (const file of listOf(message.files)) left.add("files", textOf(file.filename));
  const parts = listOf(message.content);
  for (const { type } of parts) leavePart(textOf(type), left);
  const asked = message.isCreatedByUser === true;
  const text = joined(
    parts.filter(({ type }) => type === "text").map(({ text: given }) => textOf(isObject(given) ? given.value : given)),
  );
  const { words, thoughts } = asked
    ? { words: textOf(message.text) || text, thoughts: "" }
    : apart(text || textOf(message.text));
  return {
    id: textOf(message.messageId),
    parent: parent ?? (textOf(message.parentMessageId) || null),
    role: asked ? "user" : "assistant",
    content: words.trim(),
    reasoning: joined([...parts.filter(({ type }) => type === "think").map(({ think }) => textOf(think)), thoughts]),
    model: nameOf(message.model, 300),
    at: timeOf(message.createdAt),
  };
}

function leavePart(type: string, left: LeftBehind): void {
  if (type === "tool_call") left.add("tools");
  else if (/^(?:image|video|audio|input_audio|file)/.test(type)) left.add("files");
  else if (!["text", "think"].includes(type)) left.add("parts", type);
}

const THINKING = /^\s*:::thinking\n([\s\S]*?)\n:::\s*/;

/** Older versions wrote thoughts as `:::thinking` before the answer. */
function apart(text: string): ReturnType<typeof divided> {
  const found = THINKING.exec(text);
  return found ? { words: text.slice(found[0].length), thoughts: found[1] ?? "" } : divided(text);
}
