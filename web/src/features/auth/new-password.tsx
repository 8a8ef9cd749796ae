"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api";
import { askReset, choosePassword, confirmEmail } from "@/lib/api/entry";
import { useTitle } from "@/lib/hooks/use-title";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Mark } from "@/ui/mark";

const TITLES = { forgot: "entry.forgot", reset: "entry.choose", email: "entry.confirmEmail" } as const;

/** For who has forgotten their password: ask for a link, or choose a new one by it. And for who confirms a new e-mail by a link. */
export function NewPassword({ kind }: { readonly kind: keyof typeof TITLES }) {
  const t = useT();
  const title = t(TITLES[kind]);
  useTitle(title);
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto px-4 py-10">
      <div className="my-auto w-full max-w-sm">
        <Mark className="size-12 text-accent" />
        <h1 className="mt-4 font-serif text-3xl">{title}</h1>
        {kind === "forgot" ? <Forgot /> : kind === "reset" ? <Choose /> : <ConfirmEmail />}
        <p className="mt-6 text-sm">
          <a href="/login" className="font-medium text-accent underline underline-offset-4">
            {t("entry.toSignIn")}
          </a>
        </p>
      </div>
    </main>
  );
}

function Forgot() {
  const t = useT();
  const language = useLanguage();
  const { data: joining } = useSWR("/api/auth/joining", api.joining, { revalidateOnFocus: false });
  const form = useSending((form) => askReset(String(form.get("email")), language));
  if (!joining) return null;
  if (!joining.mail) return <p className="mt-4 text-muted">{t("entry.noMail")}</p>;
  if (form.done) return <Said>{t("entry.sent")}</Said>;
  return (
    <form onSubmit={form.submit} className="mt-8 flex flex-col gap-4">
      <p className="text-muted">{t("entry.forgotAbout")}</p>
      <TextField label={t("auth.email")} name="email" type="email" autoComplete="email" required maxLength={254} />
      {form.fault}
      <Button type="submit" look="primary" className="mt-2 h-11" disabled={form.busy} aria-busy={form.busy}>
        {t("entry.send")}
      </Button>
    </form>
  );
}

/** The token of the link: after the #, where no server sees it. */
const token = () => new URLSearchParams(location.hash.slice(1)).get("token") ?? "";

function Choose() {
  const t = useT();
  const form = useSending((form) => choosePassword(token(), String(form.get("password"))));
  if (form.done) return <Said>{t("entry.chosen")}</Said>;
  return (
    <form onSubmit={form.submit} className="mt-8 flex flex-col gap-4">
      <TextField
        label={t("entry.newPassword")}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        maxLength={1000}
        hint={t("auth.passwordHint")}
      />
      {form.fault}
      <Button type="submit" look="primary" className="mt-2 h-11" disabled={form.busy} aria-busy={form.busy}>
        {t("entry.choose")}
      </Button>
    </form>
  );
}

function ConfirmEmail() {
  const t = useT();
  const language = useLanguage();
  const form = useSending(() => confirmEmail(token(), language));
  if (form.done) return <Said>{t("entry.emailChanged")}</Said>;
  return (
    <form onSubmit={form.submit} className="mt-8 flex flex-col gap-4">
      {form.fault}
      <Button type="submit" look="primary" className="h-11" disabled={form.busy} aria-busy={form.busy}>
        {t("entry.confirmEmail")}
      </Button>
    </form>
  );
}

function Said({ children }: { readonly children: ReactNode }) {
  return (
    <p role="status" className="mt-6 rounded-lg bg-accent-soft px-3 py-2">
      {children}
    </p>
  );
}

/** A form that is sent once: whether it is on its way, went through, or was refused, and in which words. */
function useSending(send: (form: FormData) => Promise<void>) {
  const t = useT();
  const [state, setState] = useState<"busy" | "done" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setState("busy");
    setError(null);
    void send(new FormData(event.currentTarget)).then(
      () => setState("done"),
      (refused: unknown) => {
        setError(refused);
        setState(null);
      },
    );
  };
  const fault = error !== null && (
    <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
      {api.hasCode(error, "wrong_link") ? t("entry.wrongLink") : wordsFor(error, t)}
    </p>
  );
  return { submit, fault, busy: state === "busy", done: state === "done" };
}
