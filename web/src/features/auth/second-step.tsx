"use client";

import { type FormEvent, useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api";
import { logInWithCode } from "@/lib/api/two-step";
import { hasPasskeys } from "@/lib/browser/passkeys";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Passkey } from "./passkey";

export interface SecondStepProps {
  readonly challenge: string;
  /** "app", "passkey": what the account has. */
  readonly ways: readonly string[];
  readonly onDone: (user: api.User) => Promise<void>;
  readonly onBack: () => void;
}

/** Asks for a passkey or a code after the password. */
export function SecondStep({ challenge, ways, onDone, onBack }: SecondStepProps) {
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
  const wrong = api.hasCode(error, "wrong_code");
  const { data: joining } = useSWR("/api/auth/joining", api.joining, { revalidateOnFocus: false });
  const host = ways.includes("passkey") && hasPasskeys(joining?.passkeys) ? joining?.passkeys : null;
  return (
    <>
      {host && <Passkey challenge={challenge} host={host} onDone={onDone} />}
      <form onSubmit={(event) => void submit(event)} className="mt-8 flex flex-col gap-4">
        <TextField
          label={t(ways.includes("app") ? "entry.code" : "entry.recoveryCode")}
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={!host}
          required
          maxLength={100}
          hint={ways.includes("app") ? t("entry.codeHint") : undefined}
          error={wrong ? t("entry.wrongCode") : null}
        />
        {error !== null && !wrong && (
          <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
            {api.hasCode(error, "sign_in_expired") ? t("entry.expired") : wordsFor(error, t)}
          </p>
        )}
        <Button type="submit" look={host ? "plain" : "primary"} className="mt-2 h-11" disabled={busy} aria-busy={busy}>
          {t("auth.logIn")}
        </Button>
        <Button look="quiet" onClick={onBack}>
          {t("back")}
        </Button>
      </form>
    </>
  );
}
