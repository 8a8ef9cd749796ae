"use client";

import { useEffect } from "react";
import useSWR from "swr";
import * as api from "@/lib/api";
import { type Shared, shared, sharedFileAt } from "@/lib/api/sharing";
import { fetched } from "@/lib/fetched";
import { dateTime } from "@/lib/format";
import { useTitle } from "@/lib/hooks/use-title";
import { useLanguage, useT, withSentences } from "@/lib/i18n";
import { sourcesOf, withSources } from "@/lib/sources";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Attachments } from "@/ui/files";
import { Mark } from "@/ui/mark";
import { Markdown, prepareMarkdown } from "@/ui/markdown";
import { Skeleton } from "@/ui/skeleton";
import { Sources } from "@/ui/sources";
import type { CitedProps } from "./cited";

type Message = Shared["messages"][number];

/** A conversation that somebody shared: to be read, by whoever has the link. */
export function SharedScreen({ token }: { readonly token: string }) {
  const t = useT();
  const { data, error, mutate } = useSWR(`/api/shares/${token}`, () => shared(token), {
    revalidateOnFocus: false,
    revalidateOnReconnect: false,
    shouldRetryOnError: (failed) => api.passing(failed),
  });
  useTitle(data ? (data.title ?? t("shared.untitled")) : t("shared.untitled"));
  useNoIndex();
  useEffect(prepareMarkdown, []);
  return (
    <div className="flex h-dvh flex-col">
      <Top />
      <main className="min-h-0 flex-1 overflow-y-auto" tabIndex={-1}>
        <div className="mx-auto w-full max-w-184 px-4 pt-8 pb-24">
          {data && <Talk shared={data} token={token} />}
          {!data && !error && <Skeleton lines={8} label={t("loading")} />}
          {!data && api.hasCode(error, "not_found") && <Gone />}
          {!data && error && !api.hasCode(error, "not_found") && (
            <div role="alert" className="flex flex-col items-start gap-3">
              <p>{wordsFor(error, t)}</p>
              <Button onClick={() => void mutate()}>{t("tryAgain")}</Button>
            </div>
          )}
        </div>
      </main>
    </div>
  );
}

function Top() {
  const t = useT();
  return (
    <header className="flex h-14 shrink-0 items-center gap-2.5 border-b border-line px-4">
      <a href="/" className="flex items-center gap-2.5 rounded-lg">
        <Mark className="size-6 text-accent" />
        <span className="text-sm text-muted">
          {t("shared.madeWith")} <span className="font-serif text-base text-ink">olamchat</span>
        </span>
      </a>
      <span className="flex-1" />
      <span className="rounded-full border border-line px-3 py-1 text-xs text-muted">{t("shared.readOnly")}</span>
    </header>
  );
}

interface TalkProps {
  readonly shared: Shared;
  readonly token: string;
}

function Talk({ shared: { title, by, shared_at, messages }, token }: TalkProps) {
  const t = useT();
  const language = useLanguage();
  const time = dateTime(shared_at, language);
  const at = sharedFileAt(token);
  return (
    <>
      <h1 dir="auto" className="font-serif text-3xl leading-tight wrap-anywhere">
        {title ?? t("shared.untitled")}
      </h1>
      <p className="mt-2 mb-8 text-sm text-muted">
        {by ? t("shared.byOn", { name: by, time }) : t("shared.on", { time })}
      </p>
      <div className="flex flex-col gap-6">
        {messages.map((message, index) =>
          message.role === "user" ? (
            <Question key={index} message={message} at={at} />
          ) : (
            <Answer key={index} message={message} />
          ),
        )}
      </div>
    </>
  );
}

interface QuestionProps {
  readonly message: Message;
  readonly at: (id: string) => string;
}

function Question({ message: { content, attachments }, at }: QuestionProps) {
  const t = useT();
  return (
    <article aria-label={t("shared.question")} className="flex flex-col items-end gap-0.5">
      <Attachments files={attachments} at={at} />
      {content !== "" && (
        <div
          dir="auto"
          className="asked min-w-0 max-w-[80%] rounded-2xl rounded-ee-md bg-accent-soft px-4 py-2.5 leading-relaxed wrap-anywhere"
        >
          <Markdown text={content} />
        </div>
      )}
    </article>
  );
}

/** What shows passages of documents is fetched with the first answer that cites one. */
const Cited = fetched<CitedProps>(() =>
  withSentences(
    "knowledge",
    import("./cited").then((module) => module.Cited),
  ),
);

function Answer({ message }: { readonly message: Message }) {
  const { model, content, steps, citations } = message;
  const t = useT();
  const sources = sourcesOf(steps);
  return (
    <article aria-label={t("message.answer")} className="[contain-intrinsic-size:auto_12rem] [content-visibility:auto]">
      <div className="mb-1.5 flex items-center gap-2 text-sm text-muted">
        <Mark className="size-5 text-accent" />
        <bdi className="truncate">{model}</bdi>
      </div>
      {steps.length > 0 && (
        <p dir="auto" className="mb-2 truncate text-sm text-muted">
          {steps.map(({ title, tool }) => title || tool).join(" · ")}
        </p>
      )}
      <Markdown text={withSources(content, sources)} />
      {(citations.length > 0 || message.looked_in_documents) && <Cited citations={citations} />}
      <Sources sources={sources} text={content} />
    </article>
  );
}

function Gone() {
  const t = useT();
  return (
    <div className="flex flex-col items-center gap-4 py-24 text-center">
      <h1 className="font-serif text-3xl">{t("shared.gone")}</h1>
      <p className="text-muted">{t("shared.goneMore")}</p>
    </div>
  );
}

/** Ask search engines to leave the page out; the server's header says the same. */
function useNoIndex(): void {
  useEffect(() => {
    const tag = document.createElement("meta");
    tag.name = "robots";
    tag.content = "noindex, nofollow";
    document.head.append(tag);
    return () => tag.remove();
  }, []);
}
