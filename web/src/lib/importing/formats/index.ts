/** The exports that are known, each with its reader. */

import type { Json, Parsed } from "../talk";
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

/** Read one conversation; null where it is of no kind we know. */
export const conversation = (value: unknown): Parsed | null => {
  for (const { is, from } of FORMATS) if (is(value)) return from(value);
  return null;
};
