/**
 * A conversation that is never stored: its messages are in this tab's memory alone. Each question carries the whole conversation to
 * the completions of the API, which keep a request only until it is answered; what comes back is told to the thread as a stream's events are.
 */

import * as api from "@/lib/api";
import { useNewChat } from "@/lib/new-chat";
import { randomName } from "@/lib/random";
import { perFrame, type StreamEvent } from "@/lib/stream";
import { answerOf } from "../thread/answer";
import { blank } from "../thread/blank";
import { beginTemporary, TEMPORARY, threadOf, update } from "../thread/store";
import { isAnswering, put, told } from "../thread/thread";
import { branch } from "../thread/tree";

/** Put a question after what is shown (or under `parentId`) and return it. */
export function askTemporary(content: string, parentId: string | null | undefined): api.Message {
  const { messages, leaf } = threadOf(TEMPORARY);
  const parent = parentId === undefined ? (branch(messages, leaf).at(-1)?.id ?? null) : parentId;
  const question = row({ role: "user", content, parent_id: parent });
  update(TEMPORARY, (thread) => ({ ...put(thread, [question]), leaf: question.id }));
  return question;
}

/** Let a question be answered, and return how that ended. */
export async function answerTemporary(questionId: string, model?: string): Promise<api.Status> {
  const answer = row({ role: "assistant", parent_id: questionId, status: "running", attempt: 1, finished_at: null });
  const said = branchTo(questionId);
  update(TEMPORARY, (thread) => ({ ...put(thread, [answer]), leaf: answer.id, answer: answerOf(answer) }));
  const mine = new AbortController();
  beginTemporary(mine);
  const feed = feeder(answer.id);
  let closing: Partial<api.Message> = { status: "done" };
  try {
    const wish = await request(said, model);
    feed.begin(wish.model);
    for await (const piece of api.complete(wish, mine.signal)) {
      if ("usage" in piece) closing = { ...closing, usage: piece.usage };
      else if ("error" in piece) closing = { status: "failed", error: piece.error };
      else feed.say(piece);
    }
  } catch (error) {
    closing = mine.signal.aborted ? { status: "stopped" } : { status: "failed", error: failureOf(error) };
  }
  return feed.end(closing);
}

/** Ask the same question once more. */
export function againTemporary(messageId: string, model?: string): Promise<api.Status> | null {
  const thread = threadOf(TEMPORARY);
  const parent = thread.messages.get(messageId)?.parent_id;
  return parent == null || isAnswering(thread) ? null : answerTemporary(parent, model);
}

/** The messages down to one, as the model reads them. */
function branchTo(id: string): readonly api.Spoken[] {
  const { messages } = threadOf(TEMPORARY);
  const path: api.Spoken[] = [];
  for (let message = messages.get(id); message; message = messages.get(message.parent_id ?? ""))
    path.unshift({ role: message.role, content: message.content });
  return path.filter(({ content }) => content !== "");
}

/** What is asked, with what was chosen here, else the person's own settings. */
async function request(said: readonly api.Spoken[], chosen?: string): Promise<api.Completion> {
  const [me, models] = await Promise.all([api.me(), api.models()]);
  const fresh = useNewChat.getState();
  const { system_prompt, stop, temperature, top_p, max_tokens, seed } = { ...me.settings, ...fresh.settings };
  const options = Object.entries({ stop, temperature, top_p, max_tokens, seed }).filter(([, value]) => value != null);
  return {
    ...Object.fromEntries(options),
    model: chosen ?? fresh.model ?? me.settings.model ?? models.items[0]?.name ?? "",
    messages: system_prompt ? [{ role: "system", content: system_prompt }, ...said] : said,
  };
}

/** Tells the thread of one answer, once per animation frame. */
function feeder(id: string) {
  const at = { text: 0, reasoning: 0 };
  const began = Date.now();
  let first: number | null = null;
  const tell = (events: readonly StreamEvent[]) => {
    const now = Date.now();
    update(TEMPORARY, (thread) => events.reduce((next, event) => told(next, event, now).thread, thread));
  };
  const batch = perFrame(tell);
  const add = (kind: "text" | "reasoning", more: string) => {
    if (more === "") return;
    first ??= Date.now();
    const delta = { kind: "delta", message_id: id, attempt: 1, at: at[kind], text: null, reasoning: null } as const;
    at[kind] += [...more].length;
    batch.add([{ ...delta, [kind]: more }]);
  };
  return {
    begin: (model: string) => {
      const none = { at: 0, reasoning_at: 0, loading: false, left_out: 0, summarised: false };
      batch.add([{ kind: "started", message_id: id, attempt: 1, model, ...none }]);
    },
    say: ({ text, reasoning }: api.Piece) => {
      add("reasoning", reasoning);
      add("text", text);
    },
    end: (closing: Partial<api.Message>): api.Status => {
      batch.flush();
      const { answer, messages } = threadOf(TEMPORARY);
      const known = messages.get(id);
      const status = closing.status ?? "done";
      if (known === undefined) return status;
      const timings = { first_token_ms: first === null ? null : first - began, total_ms: Date.now() - began };
      const message = {
        ...known,
        model: answer?.model ?? null,
        timings,
        ...closing,
        finished_at: new Date().toISOString(),
      };
      tell([{ kind: "done", message, length: at.text, reasoning_length: at.reasoning }]);
      return status;
    },
  };
}

function failureOf(error: unknown): api.Failure {
  if (error instanceof api.ProblemError) return { code: error.code, title: error.message };
  return { code: "stream_interrupted", title: String(error) };
}

const row = (given: Pick<api.Message, "role" | "parent_id"> & Partial<api.Message>): api.Message => {
  const now = new Date().toISOString();
  return blank({ id: randomName(), conversation_id: TEMPORARY, created_at: now, finished_at: now, ...given });
};
