"use client";

import { useMe } from "@/lib/data";
import { type Key, useT } from "@/lib/i18n";
import { Mark } from "@/ui/mark";

const SUGGESTIONS: readonly { readonly title: Key; readonly text: Key }[] = [
  { title: "suggest.explain.title", text: "suggest.explain.text" },
  { title: "suggest.write.title", text: "suggest.write.text" },
  { title: "suggest.code.title", text: "suggest.code.text" },
  { title: "suggest.plan.title", text: "suggest.plan.text" },
];

/** A conversation that has not begun. */
export function EmptyChat({ onChoose }: { readonly onChoose: (text: string) => void }) {
  const t = useT();
  const { data: user } = useMe();
  return (
    <div className="mx-auto flex min-h-full w-full max-w-184 flex-col justify-center px-4 py-8">
      <Mark className="size-11 text-accent" />
      <h2 className="mt-4 font-serif text-3xl text-balance sm:text-4xl">
        {user?.name ? t("empty.helloName", { name: user.name }) : t("empty.hello")}
      </h2>
      <ul className="mt-8 grid gap-2.5 sm:grid-cols-2">
        {SUGGESTIONS.map(({ title, text }) => (
          <li key={title}>
            <button
              type="button"
              onClick={() => onChoose(t(text))}
              className="flex h-full w-full flex-col rounded-2xl border border-line bg-raised/60 px-4 py-3 text-start transition-colors hover:border-line-strong/60 hover:bg-raised"
            >
              <span className="block font-medium">{t(title)}</span>
              <span className="mt-0.5 line-clamp-2 block text-sm text-muted">{t(text)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
