/** A message of which nothing is known but what is given: the rest has the value of one that is plain and over. */

import type { Message } from "@/lib/api";

export const blank = (given: Pick<Message, "id"> & Partial<Message>): Message => ({
  conversation_id: "",
  parent_id: null,
  role: "user",
  content: "",
  reasoning: "",
  status: "done",
  model: null,
  assistant: null,
  attempt: 0,
  error: null,
  usage: null,
  timings: null,
  attachments: [],
  feedback: null,
  position: null,
  created_at: "",
  finished_at: null,
  ...given,
});
