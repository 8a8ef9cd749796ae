/** The exports that are known, each with its reader. */

import { isObject, type Json, type Parsed } from "../talk";
import { fromChatGpt, isChatGpt } from "./chatgpt";
import { fromClaude, isClaude } from "./claude";
import { fromDeepSeek, isDeepSeek } from "./deepseek";
import { fromLibreChat, isLibreChat } from "./librechat";
import { fromOpenWebUi, isOpenWebUi } from "./openwebui";
import { fromOwn, isOwn } from "./own";

interface Format {
  readonly is: (value: unknown) => value is Json;
  readonly from: (value: Json) => Parsed;
}

/** The first that fits counts. */
const FORMATS: readonly Format[] = [
  { is: isOwn, from: fromOwn },
  { is: isDeepSeek, from: fromDeepSeek },
  { is: isChatGpt, from: fromChatGpt },
  { is: isClaude, from: fromClaude },
  { is: isLibreChat, from: fromLibreChat },
  { is: isOpenWebUi, from: fromOpenWebUi },
];

/** What some exporters put their conversations in. */
const WRAPPERS = ["conversations", "chats", "data"];

/** Read one conversation, or all that an object wraps in a list; null where it is of no kind we know. */
export const conversation = (value: unknown): Parsed | null => one(value) ?? (isObject(value) ? wrapped(value) : null);

function one(value: unknown): Parsed | null {
  for (const { is, from } of FORMATS) if (is(value)) return from(value);
  return null;
}

function wrapped(value: Json): Parsed | null {
  const lists = WRAPPERS.map((name) => value[name]).filter(Array.isArray);
  const found = lists
    .flat()
    .map((item: unknown) => one(item) ?? { talks: [], left: [{ title: "", why: "unreadable" as const }] });
  return found.some(({ talks }) => talks.length > 0)
    ? { talks: found.flatMap(({ talks }) => talks), left: found.flatMap(({ left }) => left) }
    : null;
}
