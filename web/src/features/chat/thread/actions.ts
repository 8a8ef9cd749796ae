/** What a person can do in a conversation. Everything shows at once and is set right by what the server says. */

import * as api from "@/lib/api";
import type { Attachment } from "@/lib/api/files";
import { keepAnswered, patchShown, showConversation } from "@/lib/data";
import { translate } from "@/lib/i18n";
import { resetNewChat, useNewChat } from "@/lib/new-chat";
import { randomName } from "@/lib/random";
import { chatPath, go, routeOf } from "@/lib/route";
import { release, reserve, take } from "@/lib/stream";
import { wordsFor } from "@/lib/words";
import { toast } from "@/ui/toasts";
import { answerOf } from "./answer";
import { NEW, stopTemporary, TEMPORARY, threadOf, update, useThreads } from "./store";
import { EMPTY, inFlight, isAnswering, put, removed, type Saying, shown, type Thread, told } from "./thread";
import { branch } from "./tree";

const change =
  (key: string, part: Partial<Saying>) =>
  (thread: Thread): Thread => ({
    ...thread,
    sayings: thread.sayings.map((saying) => (saying.key === key ? { ...saying, ...part } : saying)),
  });

const drop =
  (key: string) =>
  (thread: Thread): Thread => ({
    ...thread,
    sayings: thread.sayings.filter((saying) => saying.key !== key),
  });

/** What is said in a conversation that exists waits on the server; what makes a branch or begins a chat waits here. */
const joins = (id: string, { parentId }: Pick<Saying, "parentId">): boolean =>
  parentId === undefined && id !== NEW && id !== TEMPORARY;

/** Say something, to be asked when the answer in flight has ended; `steer` stops that answer. `parentId` makes a branch. */
export function say(
  id: string,
  content: string,
  parentId?: string | null,
  attachments: readonly Attachment[] = [],
  steer = false,
): void {
  const thread = threadOf(id);
  const waits = thread.sayings.length > 0 || (isAnswering(thread) && !joins(id, { parentId }));
  const saying: Saying = {
    key: randomName(),
    content,
    attachments,
    parentId,
    sentWith: null,
    at: Date.now(),
    follows: id === NEW ? (thread.sayings[0]?.key ?? null) : null,
    state: waits ? "waiting" : "sending",
    error: null,
    steer,
  };
  update(id, (now) => ({ ...now, sayings: [...now.sayings, saying] }));
  if (!waits) void deliver(id, saying.key);
  else if (steer) void stopAndSend(id);
}

/** Send a saying again, or now. */
export function retry(id: string, key: string): void {
  update(id, change(key, { state: "sending", error: null }));
  void deliver(id, key);
}

export const discard = (id: string, key: string): void => void update(id, drop(key));

/** Send what waits, if nothing is being written. */
export function sendNext(id: string): void {
  const thread = threadOf(id);
  const next = thread.sayings[0];
  if (next?.state === "waiting" && (joins(id, next) || !isAnswering(thread))) retry(id, next.key);
}

/** Send again what only lacked the network, in all conversations. */
export function retryFailed(): void {
  for (const [id, { sayings }] of Object.entries(useThreads.getState().threads)) {
    for (const { key, state, error } of sayings)
      if (state === "failed" && error instanceof api.OfflineError) retry(id, key);
  }
}

async function deliver(id: string, key: string): Promise<void> {
  try {
    if (id === TEMPORARY) return await deliverTemporary(key);
    const saying = threadOf(id).sayings.find((each) => each.key === key);
    if (saying === undefined) return;
    if (id === NEW) return await begin(saying);
    const question = questionOf(saying);
    if (saying.queued || (joins(id, saying) && isAnswering(threadOf(id)))) {
      update(id, change(key, { queued: true }));
      const { followUp } = await import("@/lib/api/follow-ups");
      await followUp(id, { ...question, steer: saying.steer ?? false }, key);
      update(id, (thread) => ({ ...drop(key)(thread), waits: thread.waits + 1 }));
      return sendNext(id);
    }
    const sentWith = saying.sentWith ?? parentFor(threadOf(id), saying);
    update(id, change(key, { sentWith }));
    const sent = await api.ask(id, { ...question, ...sentWith }, key);
    update(id, (thread) => taken(drop(key)(thread), [sent.user_message], sent.answer));
    patchShown(id, { answering: true, active_leaf_id: sent.answer.id });
    sendNext(id);
  } catch (error) {
    const busy = api.hasCode(error, "answer_in_progress");
    const refused = error instanceof api.ProblemError ? { sentWith: null, begunWith: null, queued: false } : {};
    const thread = update(
      id,
      change(key, { ...refused, state: busy ? "waiting" : "failed", error: busy ? null : error }),
    );
    const saying = thread.sayings.find((each) => each.key === key);
    if (!busy || saying === undefined || !joins(id, saying)) return;
    update(id, change(key, { queued: true }));
    retry(id, key);
  }
}

function questionOf({ content, attachments }: Saying): api.Question {
  const files = attachments.map((file) => file.id);
  return { content, ...(files.length > 0 ? { attachments: files } : {}) };
}

/** The temporary chat is fetched when somebody asks something in it. */
const temporary = () => import("../temporary/temporary");

async function deliverTemporary(key: string): Promise<void> {
  const saying = threadOf(TEMPORARY).sayings.find((each) => each.key === key);
  if (saying === undefined) return;
  const { askTemporary, answerTemporary } = await temporary();
  if (!threadOf(TEMPORARY).sayings.some((each) => each.key === key)) return;
  update(TEMPORARY, drop(key));
  const question = askTemporary(saying.content, saying.parentId);
  afterClosing(TEMPORARY, await answerTemporary(question.id));
}

/** The parent is what is shown, so that what is sent is what was meant. Beside a question whose answer was deleted, not under it. */
function parentFor(thread: Thread, saying: Saying): { readonly parent_id?: string | null } {
  if (saying.parentId !== undefined) return { parent_id: saying.parentId };
  const last = branch(thread.messages, thread.leaf).at(-1);
  if (last === undefined) return {};
  return { parent_id: last.role === "user" ? last.parent_id : last.id };
}

/** Begin a conversation with what was said first, and go there if the person still looks at it. */
async function begin(saying: Saying): Promise<void> {
  const begunWith = saying.begunWith ?? chosen();
  update(NEW, change(saying.key, { begunWith }));
  const begun = await beginFollowed({ ...begunWith, question: questionOf(saying) }, saying.key);
  const { id } = begun.conversation;
  const rest = threadOf(NEW).sayings.filter(({ follows }) => follows === saying.key);
  update(NEW, (thread) => ({
    ...thread,
    sayings: thread.sayings.filter((each) => each.key !== saying.key && !rest.includes(each)),
  }));
  update(id, () =>
    taken(
      { ...EMPTY, loaded: true, begun: begun.log_id !== null, logId: begun.log_id, sayings: rest },
      [begun.user_message],
      begun.answer,
    ),
  );
  if (begun.log_id !== null) keepRead(begun, begun.log_id);
  showConversation(begun.conversation);
  const route = routeOf(location.pathname);
  if (route.screen === "chat" && route.id === null) {
    go(chatPath(id));
    resetNewChat();
  }
}

/** Begin a conversation that the stream which is open carries from its first event on. */
async function beginFollowed(given: Parameters<typeof api.begin>[0], key: string): Promise<api.Begun> {
  const place = await reserve();
  try {
    const begun = await api.begin({ ...given, ...(place ? { followed_by: place } : {}) }, key);
    if (place !== null && begun.log_id !== null) take(place, begun.conversation.id, begun.log_id);
    else if (place !== null) release(place);
    return begun;
  } catch (error) {
    if (place !== null) release(place);
    throw error;
  }
}

function chosen(): api.Beginning {
  const { model, settings } = useNewChat.getState();
  return { ...(model ? { model } : {}), ...(Object.keys(settings).length > 0 ? { settings } : {}) };
}

/** What both reads of a conversation would say now is known: nobody has to ask. */
function keepRead({ conversation, user_message, answer }: api.Begun, logId: string): void {
  const page: api.MessagePage = {
    items: [user_message, answer],
    next_cursor: null,
    log_id: logId,
    follow_ups: 0,
  };
  keepAnswered(api.conversationPath(conversation.id), conversation);
  keepAnswered(api.messagesPath(conversation.id), page);
}

/** Take in the rows that the server made, and follow the answer, unless the stream has told more of it already. */
function taken(thread: Thread, rows: readonly api.Message[], answer: api.Message, again = false): Thread {
  const known = thread.messages.get(answer.id);
  const told = known !== undefined && (!again || known.attempt > answer.attempt || inFlight(known));
  const next = put(thread, told ? rows : [...rows, answer], again);
  const row = told ? known : answer;
  const follows = told && thread.answer?.messageId === answer.id;
  return { ...next, leaf: answer.id, answer: follows || !inFlight(row) ? thread.answer : answerOf(row) };
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    toast(wordsFor(error, translate), { tone: "danger" });
  }
}

export const stop = (id: string): Promise<void> =>
  attempt(async () => {
    const { answer } = threadOf(id);
    if (answer === null || answer.closed !== null) return;
    if (id === TEMPORARY) return stopTemporary();
    await api.stop(id, answer.messageId);
  });

/** Stop the answer and send what waits. */
export const stopAndSend = async (id: string): Promise<void> => {
  const key = threadOf(id).sayings[0]?.key;
  urgent.add(key ?? "");
  await stop(id);
};

const urgent = new Set<string>();

/** After an answer closed: what waits goes out, unless the person stopped the answer or it failed. */
export function afterClosing(id: string, status: api.Status): void {
  const key = threadOf(id).sayings[0]?.key;
  if (status === "done" || (key !== undefined && urgent.delete(key))) sendNext(id);
}

export const regenerate = (id: string, messageId: string, model?: string): Promise<void> =>
  attempt(async () => {
    if (id === TEMPORARY) {
      const { againTemporary } = await temporary();
      const status = await againTemporary(messageId, model);
      if (status !== null) afterClosing(TEMPORARY, status);
      return;
    }
    const { answer } = await api.regenerate(id, messageId, model);
    update(id, (thread) => taken(thread, [], answer));
  });

export const goOn = (id: string, messageId: string): Promise<void> =>
  attempt(async () => {
    const { answer } = await api.goOn(id, messageId);
    update(id, (thread) => taken(thread, [], answer, true));
  });

/** Go on in a copy of the conversation up to an answer. */
export const fork = (id: string, messageId: string): Promise<void> =>
  attempt(async () => {
    const copy = await api.fork(id, messageId);
    showConversation(copy);
    go(chatPath(copy.id));
    toast(translate("answer.forked"));
  });

/** Give an answer a thumb, or take it back; it shows at once. */
export async function rate(message: api.Message, thumb: api.Thumb | null): Promise<void> {
  const { conversation_id: id, feedback = null } = message;
  const show = (shown: api.Thumb | null) =>
    update(id, (thread) => {
      const known = thread.messages.get(message.id);
      return known ? put(thread, [{ ...known, feedback: shown }]) : thread;
    });
  show(thumb);
  try {
    await api.rate(id, message.id, thumb);
  } catch (error) {
    show(feedback);
    toast(wordsFor(error, translate), { tone: "danger" });
  }
}

/** Show another branch here, and remember it for next time. */
export function showBranch(id: string, messageId: string): void {
  const { leaf } = update(id, (thread) => shown(thread, messageId));
  if (leaf !== null && id !== TEMPORARY)
    void api.changeConversation(id, { active_leaf_id: leaf }).catch(() => undefined);
}

export const remove = (id: string, messageId: string): Promise<void> =>
  attempt(async () => {
    if (id !== TEMPORARY) await api.deleteMessage(id, messageId);
    update(id, (thread) => removed(thread, messageId));
  });

/** Take in what was decided on a step, without waiting for the stream to tell it. */
export function noteStep(message: api.Message, step: api.Step): void {
  update(
    message.conversation_id,
    (thread) => told(thread, { kind: "step", message_id: message.id, step }, Date.now()).thread,
  );
}
