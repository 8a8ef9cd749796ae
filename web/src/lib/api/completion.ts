/** Completions: one answer to messages that come with the request and go with it, streamed in the response. */

import { post } from "./call";
import type { Failure, Options, Usage } from "./types";

export interface Spoken {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface Completion extends Options {
  readonly model: string;
  readonly messages: readonly Spoken[];
}

export interface Piece {
  readonly text: string;
  readonly reasoning: string;
}

export type Heard = Piece | { readonly usage: Usage } | { readonly error: Failure };

interface Chunk {
  readonly choices?: readonly { readonly delta: { readonly content?: string; readonly reasoning_content?: string } }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Yield what the model says, as it says it. Throws ProblemError, OfflineError, and what an aborted fetch throws. */
export async function* complete(wish: Completion, signal: AbortSignal): AsyncGenerator<Heard> {
  const body = { ...wish, stream: true, stream_options: { include_usage: true } };
  const response = await post("/v1/chat/completions", body, signal);
  let ended = false;
  for await (const data of dataOf(response)) {
    ended ||= data === "[DONE]";
    if (data !== "[DONE]") {
      const heard = heardIn(JSON.parse(data) as Chunk);
      ended ||= "error" in heard;
      yield heard;
    }
  }
  if (!ended) throw new Error("the stream broke off");
}

export function heardIn({ choices, usage, error }: Chunk): Heard {
  if (error) return { error: { code: error.code, title: error.message, retryable: true } };
  if (usage) return { usage: { prompt_tokens: usage.prompt_tokens, completion_tokens: usage.completion_tokens } };
  const delta = choices?.[0]?.delta;
  return { text: delta?.content ?? "", reasoning: delta?.reasoning_content ?? "" };
}

/** The data of a stream's events; comments are passed over. */
async function* dataOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const blocks = (rest + read.value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) if (block.startsWith("data: ")) yield block.slice(6);
  }
}
