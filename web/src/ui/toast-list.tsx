"use client";

import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { useT } from "@/lib/i18n";
import { IconButton } from "./icon-button";
import { type Toast, useToasts } from "./toast-store";

export interface ToastListProps {
  readonly closeLabel: string;
}

interface Shown {
  readonly tone: Toast["tone"];
}

const NOTE_MS = 5_000;
/** Long enough to read the sentence and decide on the button. */
const ACTION_MS = 8_000;

/** Toasts wait while the pointer or the focus is on them, F6 leads to them, and a swipe takes one away. */
export function ToastList({ closeLabel }: ToastListProps) {
  const t = useT();
  return (
    <Base.Provider limit={3}>
      <Feed />
      <Base.Portal>
        <Base.Viewport
          aria-label={t("toasts.label")}
          className="pointer-events-none fixed inset-x-0 bottom-28 z-60 flex flex-col-reverse items-center gap-2 px-4 outline-none"
        >
          <Rows closeLabel={closeLabel} />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

/** Takes over what was said, before and after the list was there. */
function Feed() {
  const { add, close } = Base.useToastManager<Shown>();
  const waiting = useToasts((state) => state.waiting);
  useEffect(() => {
    if (waiting.length === 0) return;
    for (const each of waiting) add(optionsOf(each, close));
    useToasts.setState(({ waiting: now }) => ({ waiting: now.filter((each) => !waiting.includes(each)) }));
  }, [waiting, add, close]);
  return null;
}

/** The same sentence said twice is shown once, and stays a while longer. */
function optionsOf({ text, tone, lasting, action }: Toast, close: (id: string) => void) {
  const run = () => {
    close(text);
    action?.run();
  };
  return {
    id: text,
    title: text,
    timeout: lasting ? 0 : action ? ACTION_MS : NOTE_MS,
    priority: tone === "danger" ? ("high" as const) : ("low" as const),
    data: { tone },
    ...(action ? { actionProps: { children: action.label, onClick: run } } : {}),
  };
}

function Rows({ closeLabel }: ToastListProps) {
  const { toasts } = Base.useToastManager<Shown>();
  return toasts.map((each) => (
    <Base.Root
      key={each.id}
      toast={each}
      swipeDirection={["down", "left", "right"]}
      className={`pointer-events-auto max-w-full translate-x-(--toast-swipe-movement-x) animate-rise rounded-xl border border-line bg-raised py-1.5 ps-4 pe-1.5 text-sm shadow-float data-limited:hidden ${each.data?.tone === "danger" ? "text-danger" : ""}`}
    >
      <Base.Content className="flex items-center gap-3">
        <Base.Title render={<p />} className="min-w-0 py-1" />
        <Base.Action className="rounded-lg px-2 py-1 font-medium text-accent hover:bg-hover" />
        <Base.Close render={<IconButton small icon={X} label={closeLabel} />} />
      </Base.Content>
    </Base.Root>
  ));
}
