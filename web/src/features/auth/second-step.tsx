"use client";

import { type FormEvent, useState } from "react";
import { hasCode, type User } from "@/lib/api";
import { logInWithCode } from "@/lib/api/two-step";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";

export interface SecondStepProps {
  readonly challenge: string;
  readonly onDone: (user: User) => Promise<void>;
  readonly onBack: () => void;
}

/** Asks for a code after the password. */
export function SecondStep({ challenge, onDone, onBack }: SecondStepProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code"));
    setBusy(true);
    setError(null);
    try {
      await onDone(await logInWithCode(challenge, code));
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const wrong = hasCode(error, "wrong_code");
  return (
    <form onSubmit={(event) => void submit(event)} className="mt-8 flex flex-col gap-4">
      <TextField
        label={t("entry.code")}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        maxLength={100}
        hint={t("entry.codeHint")}
        error={wrong ? t("entry.wrongCode") : null}
      />
      {error !== null && !wrong && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
          {hasCode(error, "sign_in_expired") ? t("entry.expired") : wordsFor(error, t)}
        </p>
      )}
      <Button type="submit" look="primary" className="mt-2 h-11" disabled={busy} aria-busy={busy}>
        {t("auth.logIn")}
      </Button>
      <Button look="quiet" onClick={onBack}>
        {t("back")}
      </Button>
    </form>
  );
}
