"use client";

import { type FormEvent, useState } from "react";
import * as api from "@/lib/api";
import { setMe } from "@/lib/data";
import { fetched } from "@/lib/fetched";
import { useTitle } from "@/lib/hooks/use-title";
import { useT, withSentences } from "@/lib/i18n";
import { go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Mark } from "@/ui/mark";
import { SignOn } from "./sign-on";

const SecondStep = fetched(() => withSentences("entry", import("./second-step")).then((module) => module.SecondStep));

export interface AuthScreenProps {
  readonly kind: "login" | "signup";
  /** Where to go afterwards. */
  readonly next: string;
  /** The session ended by itself. */
  readonly expired: boolean;
}

/** What the password alone was refused with. */
interface SecondStepNeeded {
  readonly challenge: string;
  readonly ways: readonly string[];
}

/** The token of the link that somebody was invited by: after the #, where no server sees it. */
const invitation = () => new URLSearchParams(location.hash.slice(1)).get("invitation");

/** Sign in, or make an account. */
export function AuthScreen({ kind, next, expired }: AuthScreenProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [second, setSecond] = useState<SecondStepNeeded | null>(null);
  const fresh = kind === "signup";
  useTitle(t(fresh ? "auth.signUp" : "auth.logIn"));
  const wrong =
    error instanceof api.ProblemError ? Object.fromEntries(error.fields.map((each) => [each.field, each.message])) : {};

  const enter = async (user: api.User) => {
    await setMe(user);
    go(next, { replace: true });
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    setBusy(true);
    setError(null);
    try {
      const user = fresh
        ? await api.signUp(text("email"), text("password"), text("name"), invitation())
        : await api.logIn(text("email"), text("password"));
      await enter(user);
    } catch (refused) {
      if (api.hasCode(refused, "second_factor_needed")) setSecond(refused.extra as unknown as SecondStepNeeded);
      else setError(refused);
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="flex h-full flex-col items-center overflow-y-auto px-4 py-10">
      <div className="my-auto w-full max-w-sm">
        <Mark className="size-12 text-accent" />
        <h1 className="mt-4 font-serif text-3xl">{t(fresh ? "auth.welcomeNew" : "auth.welcome")}</h1>
        <p className="mt-2 text-muted">
          {t(expired && !fresh ? "auth.expired" : fresh && invitation() ? "auth.invited" : "auth.promise")}
        </p>
        {second !== null ? (
          <SecondStep {...second} onDone={enter} onBack={() => setSecond(null)} />
        ) : (
          <>
            <form onSubmit={(event) => void submit(event)} className="mt-8 flex flex-col gap-4" key={kind}>
              {fresh && (
                <TextField label={t("auth.name")} name="name" autoComplete="name" maxLength={200} error={wrong.name} />
              )}
              <TextField
                label={t("auth.email")}
                name="email"
                type="email"
                autoComplete={fresh ? "email" : "email webauthn"}
                required
                error={wrong.email}
              />
              <TextField
                label={t("auth.password")}
                name="password"
                type="password"
                autoComplete={fresh ? "new-password" : "current-password"}
                required
                minLength={fresh ? 8 : undefined}
                maxLength={1000}
                hint={fresh ? t("auth.passwordHint") : undefined}
                error={wrong.password}
              />
              {error !== null && Object.keys(wrong).length === 0 && (
                <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
                  {error instanceof api.ProblemError && error.status === 401 ? t("auth.wrong") : wordsFor(error, t)}
                </p>
              )}
              <Button type="submit" look="primary" className="mt-2 h-11" disabled={busy} aria-busy={busy}>
                {t(fresh ? "auth.signUp" : "auth.logIn")}
              </Button>
            </form>
            {!fresh && (
              <a href="/forgot" className="mt-4 self-start text-sm text-accent underline underline-offset-4">
                {t("auth.forgot")}
              </a>
            )}
            <SignOn next={next} onDone={fresh ? null : enter} />
            <p className="mt-6 text-sm text-muted">
              {t(fresh ? "auth.haveAccount" : "auth.noAccount")}{" "}
              <a
                href={fresh ? "/login" : "/signup"}
                onClick={(event) => {
                  event.preventDefault();
                  setError(null);
                  go(fresh ? "/login" : "/signup");
                }}
                className="font-medium text-accent underline underline-offset-4"
              >
                {t(fresh ? "auth.logIn" : "auth.signUp")}
              </a>
            </p>
          </>
        )}
      </div>
    </main>
  );
}
