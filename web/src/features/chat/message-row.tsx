import type { RefObject } from "react";
import type { Message } from "@/lib/api";
import { AnswerMessage } from "./answer-message";
import { UserMessage } from "./user-message";

export interface ListProps {
  readonly path: readonly Message[];
  /** For each message the ids of its versions. */
  readonly versions: readonly (readonly string[])[];
  readonly scroller: RefObject<HTMLDivElement | null>;
}

export interface MessageRowProps {
  readonly message: Message;
  readonly versions: readonly string[] | undefined;
  readonly last: boolean;
}

const ONE: readonly string[] = [];

/** One message of the branch, with the space to the next. */
export function MessageRow({ message, versions = ONE, last }: MessageRowProps) {
  return (
    <div data-message={message.id} className={last ? "" : "pb-5"}>
      {message.role === "user" ? (
        <UserMessage message={message} versions={versions} />
      ) : (
        <AnswerMessage message={message} versions={versions} last={last} />
      )}
    </div>
  );
}
