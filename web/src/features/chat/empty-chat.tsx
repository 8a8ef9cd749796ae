"use client";

import { useMe, useModels } from "@/lib/data";
import { type Key, useT } from "@/lib/i18n";
import { Mark } from "@/ui/mark";

const SUGGESTIONS: readonly { readonly title: Key; readonly text: Key }[] = [
  { title: "suggest.explain.title", text: "suggest.explain.text" },
  { title: "suggest.write.title", text: "suggest.write.text" },
  { title: "suggest.code.title", text: "suggest.code.text" },
  { title: "suggest.plan.title", text: "suggest.plan.text" },
];

export interface EmptyChatProps {
  /** The model that will answer; an assistant has questions of its own to begin with. */
  readonly model: string | null;
  readonly onChoose: (text: string) => void;
}

/** A conversation that has not begun. */
export function EmptyChat({ model, onChoose }: EmptyChatProps) {
  const t = useT();
  const { data: user } = useMe();
  const { data: models } = useModels();
  const own = models?.items.find(({ name }) => name === model)?.assistant?.starters ?? [];
  const starters =
    own.length > 0
      ? own.map((text) => ({ title: null, text }))
      : SUGGESTIONS.map(({ title, text }) => ({ title: t(title), text: t(text) }));
  return (
    <div className="mx-auto flex min-h-full w-full max-w-184 flex-col justify-center px-4 py-8">
      <Mark className="size-11 text-accent" />
      <h2 className="mt-4 font-serif text-3xl text-balance sm:text-4xl">
        {user?.name ? t("empty.helloName", { name: user.name }) : t("empty.hello")}
      </h2>
      <ul className="mt-8 grid gap-2.5 sm:grid-cols-2">
        {starters.map(({ title, text }) => (
          <li key={text}>
            <button
              type="button"
              onClick={() => onChoose(text)}
              className="flex h-full w-full flex-col rounded-2xl border border-line bg-raised/60 px-4 py-3 text-start transition-colors hover:border-line-strong/60 hover:bg-raised"
            >
              {title && <span className="block font-medium">{title}</span>}
              <span className="mt-0.5 line-clamp-2 block text-sm text-muted">{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
