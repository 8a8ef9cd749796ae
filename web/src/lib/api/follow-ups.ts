/** Messages that wait on the server for an answer to end. */

import { conversationPath } from ".";
import { call, get } from "./call";
import type { FollowUp, Question } from "./types";

export const followUpsPath = (id: string) => `${conversationPath(id)}/messages/follow-ups`;

export const followUps = (id: string) =>
  get<{ readonly items: readonly FollowUp[] }>(followUpsPath(id)).then(({ items }) => items);
export const followUp = (id: string, question: Question & { readonly steer: boolean }, key: string) =>
  call<FollowUp>("POST", followUpsPath(id), { body: question, key });
export const sendNow = (id: string, followUpId: string) =>
  call<void>("POST", `${followUpsPath(id)}/${followUpId}/now`, { body: {} });
export const takeBack = (id: string, followUpId: string) =>
  call<FollowUp>("DELETE", `${followUpsPath(id)}/${followUpId}`);
