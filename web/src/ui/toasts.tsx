"use client";

import { useState } from "react";
import { fetched } from "@/lib/fetched";
import type { ToastListProps } from "./toast-list";
import { useToasts } from "./toast-store";

export { toast } from "./toast-store";

const List = fetched<ToastListProps>(() =>
  import("./toast-list").then(
    (module) => module.ToastList,
    () => Plain,
  ),
);

/** Fetch what a toast needs before there is one: the first often says that the network is gone. */
export const prepareToasts = (): void => List.prepare();

/** Where toasts appear; once on the page. */
export function Toasts({ closeLabel }: ToastListProps) {
  const waiting = useToasts((state) => state.waiting.length > 0);
  const [begun, setBegun] = useState(false);
  if (waiting && !begun) setBegun(true);
  return begun ? <List closeLabel={closeLabel} /> : null;
}

/** The sentences alone, where the list can't be fetched. */
function Plain() {
  const waiting = useToasts((state) => state.waiting);
  return (
    <div
      role="status"
      className="fixed inset-x-4 bottom-28 z-60 mx-auto w-fit rounded-xl bg-raised px-4 py-2 text-sm shadow-float"
    >
      {waiting.at(-1)?.text}
    </div>
  );
}
