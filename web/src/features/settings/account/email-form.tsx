"use client";

import { type FormEvent, useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api";
import { askEmail } from "@/lib/api/entry";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";

/** Another e-mail for the account: a link goes to the new address. Without a mail server there is nothing to be done here. */
export function EmailForm() {
  const t = useT();
  const language = useLanguage();
  const { data: joining } = useSWR("/api/auth/joining", api.joining, { revalidateOnFocus: false });
  const [state, setState] = useState<"busy" | "sent" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setState("busy");
    setError(null);
    void askEmail(String(form.get("email")), String(form.get("password")), language).then(
      () => setState("sent"),
      (refused: unknown) => {
        setError(refused);
        setState(null);
      },
    );
  };
  if (!joining?.mail) return null;
  return (
    <form aria-label={t("email.change")} onSubmit={submit} className="mt-6 flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={t("email.new")} name="email" type="email" autoComplete="email" required maxLength={254} />
        <TextField
          label={t("auth.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={1000}
        />
      </div>
      {state === "sent" && (
        <p role="status" className="text-sm">
          {t("email.sent")}
        </p>
      )}
      {error !== null && (
        <p role="alert" className="text-sm text-danger">
          {api.hasCode(error, "wrong_password") ? t("leave.wrong") : wordsFor(error, t)}
        </p>
      )}
      <Button type="submit" className="self-start" disabled={state === "busy"}>
        {t("email.change")}
      </Button>
    </form>
  );
}
