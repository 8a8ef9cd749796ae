"use client";

import { startTransition, useEffect, useMemo, useRef, useState } from "react";
import * as api from "@/lib/api";
import type { Attachment } from "@/lib/api/files";
import { useConversation } from "@/lib/data";
import { fetched } from "@/lib/fetched";
import { putBack } from "@/lib/files";
import { useT, withSentences } from "@/lib/i18n";
import { chatPath, go } from "@/lib/route";
import { prepareMarkdown } from "@/ui/markdown";
import { Skeleton } from "@/ui/skeleton";
import { Announcer } from "./announcer";
import { ChatHeader } from "./chat-header";
import { Composer } from "./composer/composer";
import { ContextMeter } from "./composer/context-meter";
import type { OfConversation } from "./composer/settings";
import { useDraft } from "./composer/use-draft";
import { useModel } from "./composer/use-model";
import { Seeking } from "./deep-link/seeking";
import { useSeek } from "./deep-link/use-seek";
import { EmptyChat } from "./empty-chat";
import type { FollowUpsProps } from "./follow-ups/follow-ups";
import { useEditing } from "./messages/editing";
import { MessageList } from "./messages/message-list";
import { Older } from "./messages/older";
import { Sayings } from "./messages/sayings";
import { ToNewest } from "./messages/to-newest";
import { Unreadable } from "./messages/unreadable";
import { useStick } from "./messages/use-stick";
import { Missing } from "./missing";
import { Notices } from "./notices";
import { Quoting } from "./quoting";
import { withQuote } from "./quoting/quote";
import { TemporaryNote } from "./temporary/temporary-note";
import { say, stop } from "./thread/actions";
import { NEW, TEMPORARY, useThread } from "./thread/store";
import { isAnswering } from "./thread/thread";
import { branch } from "./thread/tree";
import { useFollow, useMessages } from "./thread/use-thread";
import { useEscape } from "./use-escape";

export interface ChatScreenProps {
  readonly id: string | null;
  /** Nothing of it is stored. */
  readonly temporary?: boolean;
}

const MoreButtons = fetched<OfConversation>(() =>
  withSentences("steps", withSentences("knowledge", import("./composer/more-buttons"))).then(
    (module) => module.MoreButtons,
  ),
);

const FollowUps = fetched<FollowUpsProps>(() =>
  withSentences("followUps", import("./follow-ups/follow-ups")).then((module) => module.FollowUps),
);

/** One conversation; `id` null is one that begins with what is said next. */
export function ChatScreen({ id, temporary = false }: ChatScreenProps) {
  const t = useT();
  const key = temporary ? TEMPORARY : (id ?? NEW);
  const { data: conversation, error } = useConversation(id);
  const { mutate: refetch, error: unread } = useMessages(id);
  useFollow(error ? null : id, refetch);
  const loaded = useThread(key, (thread) => thread.loaded);
  const messages = useThread(key, (thread) => thread.messages);
  const leaf = useThread(key, (thread) => thread.leaf) ?? conversation?.active_leaf_id ?? null;
  const sayings = useThread(key, (thread) => thread.sayings);
  const answering = useThread(key, isAnswering);
  const waits = useThread(key, (thread) => thread.waits);
  const path = useMemo(() => branch(messages, leaf), [messages, leaf]);
  const [model, chooseModel] = useModel(id, conversation);
  const [draft, setDraft] = useDraft(key);
  const box = useRef<HTMLTextAreaElement>(null);
  const nothing = id === null && sayings.length === 0 && path.length === 0;
  const stick = useStick(key, nothing);
  const ready = useReady();
  useSeek(loaded ? conversation : undefined);
  useEffect(prepareMarkdown, []);
  useEscape(() => answering && void stop(key));

  const send = (text: string, files: readonly Attachment[], steer: boolean) => {
    if (id !== null) go(chatPath(id), { replace: true });
    say(key, text, undefined, files, steer);
    requestAnimationFrame(() => stick.toBottom());
  };
  const takeBack = (text: string, files: readonly Attachment[]) => {
    setDraft(draft && text ? `${text}\n${draft}` : text || draft);
    putBack(key, files);
    box.current?.focus();
  };
  const ask = (about: string) => {
    setDraft(withQuote(draft, about));
    requestAnimationFrame(() => box.current?.focus());
  };
  const editLast = () => {
    const mine = path.findLast((message) => message.role === "user");
    if (mine && !answering) useEditing.setState({ id: mine.id });
  };
  if (api.hasCode(error, "not_found")) return <Missing />;
  const failure = unread ?? error;
  return (
    <div className="flex h-full min-w-0 flex-1 flex-col">
      <ChatHeader id={id} temporary={temporary} model={model} onModel={chooseModel} />
      {temporary && <TemporaryNote begun={path.length > 0} />}
      <div className="relative flex min-h-0 flex-1 flex-col">
        <div
          ref={stick.scroller}
          className="min-h-0 flex-1 overflow-y-auto overscroll-contain scrollbar-gutter-stable"
          data-testid="scroller"
          data-empty={nothing || undefined}
        >
          <div ref={stick.content} className="h-fit min-h-full">
            {nothing ? (
              <div className="flex min-h-[calc(100dvh-10rem)]">
                <EmptyChat
                  model={model}
                  onChoose={(text) => {
                    setDraft(text);
                    box.current?.focus();
                  }}
                />
              </div>
            ) : (
              <div className="relative mx-auto w-full max-w-184 px-4 pt-10 pb-6" data-testid="messages">
                {id !== null && <Older id={id} scroller={stick.scroller} />}
                {!(loaded && ready) && id !== null && !failure && <Skeleton lines={7} label={t("loading")} />}
                {failure && !loaded && <Unreadable failure={failure} onRetry={() => void refetch()} />}
                {ready && (
                  <MessageList
                    key={key}
                    path={path}
                    messages={messages}
                    scroller={stick.scroller}
                    leave={stick.leave}
                  />
                )}
                <Sayings conversationId={key} sayings={sayings} answering={answering} onTakeBack={takeBack} />
              </div>
            )}
          </div>
        </div>
        <Seeking />
        {path.length > 0 && <Quoting onQuote={ask} />}
        {stick.away && <ToNewest onGo={() => stick.toBottom(true)} />}
      </div>
      <div className="mx-auto w-full max-w-192 shrink-0 px-2 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-4">
        <Notices hints={nothing} />
        {id !== null && waits > 0 && <FollowUps {...{ id, waits, answering }} onTakeBack={takeBack} />}
        <ContextMeter path={path} model={model} />
        <Composer
          box={box}
          draft={draft}
          onDraft={setDraft}
          onSend={send}
          answering={answering}
          onStop={() => void stop(key)}
          onEditLast={editLast}
          focusKey={key}
          withFiles={!temporary}
          model={model}
          onModel={chooseModel}
          more={temporary ? undefined : <MoreButtons id={id} chat={key} conversation={conversation} />}
        />
      </div>
      <Announcer id={key} />
    </div>
  );
}

/** False when the screen is shown first: its frame stands before the messages, which are then rendered without holding up the page. */
function useReady(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => startTransition(() => setReady(true)), []);
  return ready;
}
