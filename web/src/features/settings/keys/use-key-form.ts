import { type FormEvent, useState } from "react";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import type { KeyDraft, Wrong } from "./key-form";

/** What the forms of a key have in common: what was typed, which of it is no good once it was tried, and how it is sent. */
export function useKeyForm<Read extends { readonly wrong: Wrong }>(
  first: KeyDraft,
  read: (draft: KeyDraft) => Read,
  send: (read: Read) => Promise<void>,
) {
  const t = useT();
  const [draft, setDraft] = useState(first);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const found = read(draft);
  const { wrong } = found;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length > 0) {
      const form = event.currentTarget;
      requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid]")?.focus());
      return;
    }
    setBusy(true);
    try {
      await send(found);
    } catch (error) {
      setFault(wordsFor(error, t));
    }
    setBusy(false);
  };
  return {
    draft,
    set: (part: Partial<KeyDraft>) => setDraft({ ...draft, ...part }),
    wrong,
    nameFault: tried && wrong.name ? t("keys.nameMissing") : null,
    busy,
    fault,
    submit: (event: FormEvent<HTMLFormElement>) => void submit(event),
  };
}
