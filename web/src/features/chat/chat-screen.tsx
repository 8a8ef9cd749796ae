"use client";

import { ArrowDown } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import * as api from "@/lib/api";
import type { Attachment } from "@/lib/api/files";
import { patchShown, showConversation, useConversation, useMe } from "@/lib/data";
import { putBack } from "@/lib/files";
import { translate, useT } from "@/lib/i18n";
import { chooseForNewChat, useNewChat } from "@/lib/new-chat";
import { usePanels } from "@/lib/panels";
import { chatPath, go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { prepareMarkdown } from "@/ui/markdown";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { say, stop } from "./actions";
import { Announcer } from "./announcer";
import { ChatHeader } from "./chat-header";
import { Composer } from "./composer";
import { ContextMeter } from "./context-meter";
import { useEditing } from "./editing";
import { EmptyChat } from "./empty-chat";
import { MessageList } from "./message-list";
import { Notices } from "./notices";
import { Older } from "./older";
import { Sayings } from "./sayings";
import { useSought } from "./sought";
import { NEW, TEMPORARY, useThread } from "./store";
import { TemporaryNote } from "./temporary-note";
import { isAnswering } from "./thread";
import { branch } from "./tree";
import { useDraft } from "./use-draft";
import { useSeek } from "./use-seek";
import { useStick } from "./use-stick";
import { useFollow, useMessages } from "./use-thread";

export interface ChatScreenProps {
  readonly id: string | null;
  /** Nothing of it is stored. */
  readonly temporary?: boolean;
}

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
  const path = useMemo(() => branch(messages, leaf), [messages, leaf]);
  const [model, chooseModel] = useModel(id, conversation);
  const [draft, setDraft] = useDraft(key);
  const box = useRef<HTMLTextAreaElement>(null);
  const stick = useStick(key);
  useSeek(loaded ? conversation : undefined);
  useEffect(prepareMarkdown, []);
  useEscape(() => answering && void stop(key));

  const send = (text: string, files: readonly Attachment[]) => {
    if (id !== null) go(chatPath(id), { replace: true });
    say(key, text, undefined, files);
    requestAnimationFrame(() => stick.toBottom());
  };
  const editLast = () => {
    const mine = path.findLast((message) => message.role === "user");
    if (mine && !answering) useEditing.setState({ id: mine.id });
  };
  if (api.hasCode(error, "not_found")) return <Missing />;
  const failure = unread ?? error;
  const nothing = id === null && sayings.length === 0 && path.length === 0;
  return (
    <div className="flex h-full min-w-0 flex-1 flex-col">
      <ChatHeader id={id} temporary={temporary} model={model} onModel={chooseModel} />
      {temporary && <TemporaryNote begun={path.length > 0} />}
      <div className="relative flex min-h-0 flex-1 flex-col">
        <div
          ref={stick.scroller}
          className="min-h-0 flex-1 overflow-y-auto overscroll-contain scrollbar-gutter-stable"
          data-testid="scroller"
        >
          <div ref={stick.content} className="h-fit min-h-full">
            {nothing ? (
              <div className="flex min-h-[calc(100dvh-10rem)]">
                <EmptyChat
                  onChoose={(text) => {
                    setDraft(text);
                    box.current?.focus();
                  }}
                />
              </div>
            ) : (
              <div className="relative mx-auto w-full max-w-184 px-4 pt-10 pb-6" data-testid="messages">
                {id !== null && <Older id={id} scroller={stick.scroller} />}
                {!loaded && id !== null && !failure && <Skeleton lines={7} label={t("loading")} />}
                {failure && !loaded && <Unread failure={failure} onRetry={() => void refetch()} />}
                <MessageList key={key} path={path} messages={messages} scroller={stick.scroller} leave={stick.leave} />
                <Sayings
                  conversationId={key}
                  sayings={sayings}
                  answering={answering}
                  onTakeBack={(text, files) => {
                    setDraft(draft && text ? `${text}\n${draft}` : text || draft);
                    putBack(key, files);
                    box.current?.focus();
                  }}
                />
              </div>
            )}
          </div>
        </div>
        <Seeking />
        {stick.away && (
          <button
            type="button"
            onClick={() => stick.toBottom(true)}
            className="absolute inset-x-0 bottom-3 z-10 mx-auto flex w-fit animate-rise items-center gap-2 rounded-full border border-line bg-raised px-4 py-2 text-sm shadow-float hover:bg-hover"
          >
            <ArrowDown aria-hidden className="size-4" />
            {t("chat.newest")}
          </button>
        )}
      </div>
      <div className="mx-auto w-full max-w-192 shrink-0 px-2 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-4">
        <Notices hints={nothing} />
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
        />
      </div>
      <Announcer id={key} />
    </div>
  );
}

/** The conversation's model and how to choose another. */
function useModel(
  id: string | null,
  conversation: api.Conversation | undefined,
): readonly [string | null, (name: string) => void] {
  const fresh = useNewChat((state) => state.model);
  const { data: user } = useMe();
  const usual = user?.settings.model ?? null;
  if (id === null) return [fresh ?? usual, (model) => chooseForNewChat({ model })];
  const choose = (model: string) => {
    patchShown(id, { model });
    api
      .changeConversation(id, { model })
      .then(showConversation, (error) => toast(wordsFor(error, translate), { tone: "danger" }));
  };
  return [conversation?.model ?? usual, choose];
}

/** Esc, when nothing lies over the page that would take it. */
function useEscape(run: () => unknown): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const { panel, drawer } = usePanels.getState();
      if (event.key === "Escape" && panel === null && !drawer && !document.querySelector("dialog[open]"))
        latest.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function Unread({ failure, onRetry }: { readonly failure: unknown; readonly onRetry: () => void }) {
  const t = useT();
  return (
    <div role="alert" className="flex flex-col items-start gap-3 py-8">
      <p>{wordsFor(failure, t)}</p>
      <Button onClick={onRetry}>{t("tryAgain")}</Button>
    </div>
  );
}

/** Says that an older message is being fetched, which takes a moment in a long conversation. */
function Seeking() {
  const t = useT();
  const older = useSought(({ state }) => state === "older");
  if (!older) return null;
  return (
    <p
      role="status"
      className="absolute inset-x-0 top-3 z-10 mx-auto w-fit animate-rise rounded-full border border-line bg-raised px-4 py-2 text-sm text-muted shadow-float"
    >
      {t("find.older")}
    </p>
  );
}

function Missing() {
  const t = useT();
  return (
    <div className="flex h-full min-w-0 flex-1 flex-col">
      <ChatHeader id={null} model={null} onModel={(model) => chooseForNewChat({ model })} />
      <div className="flex flex-1 flex-col items-center justify-center gap-4 p-8 pb-32 text-center">
        <h2 className="font-serif text-3xl">{t("chat.missing")}</h2>
        <p className="text-muted">{t("chat.missingMore")}</p>
        <Button look="primary" onClick={() => go("/")}>
          {t("chat.new")}
        </Button>
      </div>
    </div>
  );
}
