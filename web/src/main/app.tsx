"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { SWRConfig } from "swr";
import { AuthScreen } from "@/features/auth";
import { mayBeSignedIn, onSessionEnd, passing } from "@/lib/api";
import { forgetRead, startOffline } from "@/lib/browser/offline";
import { forgetPerson } from "@/lib/browser/stored";
import { forgetAll, prepareMe, refreshAll, setMe, useMe } from "@/lib/data";
import { fetched } from "@/lib/fetched";
import { forgetInTab } from "@/lib/forget";
import { speak, translate, useT, wantedLanguage, withSentences } from "@/lib/i18n";
import { forgetRows } from "@/lib/outbox";
import { go, hereNow, useRoute } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Mark } from "@/ui/mark";
import { prepareMarkdown } from "@/ui/markdown";
import { Toasts, toast } from "@/ui/toasts";
import { Boundary } from "./boundary";
import { usePrepared } from "./use-prepared";

const Inside = fetched(() => import("./inside").then((module) => module.Inside), Waiting);
const Tooltips = fetched(() =>
  import("@/ui/tooltips").then(
    (module) => module.Tooltips,
    () => () => null,
  ),
);
const NewPassword = fetched(
  () => withSentences("entry", import("@/features/auth/new-password")).then((module) => module.NewPassword),
  Waiting,
);
const SharedScreen = fetched(() => import("@/features/shared").then((module) => module.SharedScreen), Waiting);
// All this at once, and not one after the answer of the other; but what has come is taken in piece by piece, so that no hand has to wait.
if (mayBeSignedIn()) {
  prepareMe();
  setTimeout(Inside.prepare);
  if (location.pathname.startsWith("/c/")) setTimeout(prepareMarkdown);
}

/** The page: who is there, and which screen they look at. */
export function App() {
  useOffline();
  return (
    <SWRConfig value={{ errorRetryCount: 8, shouldRetryOnError: (error: unknown) => passing(error) }}>
      <Boundary fallback={(error) => <Broken error={error} onRetry={() => location.reload()} />}>
        <Gate />
      </Boundary>
    </SWRConfig>
  );
}

function Gate() {
  const t = useT();
  const route = useRoute();
  const { data: user, error, mutate } = useMe();
  const spoken = useSpoken();
  const prepared = usePrepared();
  const [expired, setExpired] = useState(false);
  const wanted = useRef("/");

  const forget = useCallback(async () => {
    forgetInTab();
    await forgetRead();
    await forgetAll();
    await setMe(null);
  }, []);
  const leave = useCallback(() => {
    setExpired(false);
    wanted.current = "/";
    forgetPerson();
    void forgetRows();
    void forget();
    go("/login");
  }, [forget]);
  const known = useRef(user);
  known.current = user;
  useEffect(
    () =>
      onSessionEnd(() => {
        if (!known.current) return;
        setExpired(true);
        void forget();
      }),
    [forget],
  );

  const emptied = useRef(false);
  useEffect(() => {
    if (user === null) emptied.current = true;
    if (user && emptied.current) {
      emptied.current = false;
      void refreshAll();
    }
  }, [user]);

  const outside = route.screen === "login" || route.screen === "signup";
  const mailed = route.screen === "forgot" || route.screen === "reset" || route.screen === "email";
  const open = route.screen === "shared" || mailed;
  useEffect(() => {
    if (user === null && !outside && !open) {
      wanted.current = hereNow();
      go("/login", { replace: true });
    }
    if (user && outside) go(wanted.current, { replace: true });
  }, [user, outside, open]);

  if (!spoken) return null;
  if (route.screen === "shared") {
    return <SharedScreen key={route.token} token={route.token} />;
  }
  if (mailed) return <NewPassword kind={route.screen} />;
  return (
    <>
      {user === undefined && !error && <Waiting />}
      {user === undefined && error && <Broken error={error} onRetry={() => void mutate()} />}
      {user === null && outside && (
        <div className="contents" onInput={Inside.prepare}>
          <AuthScreen kind={route.screen} next={wanted.current} expired={expired} />
        </div>
      )}
      {user && !outside && <Inside route={route} userId={user.id} onLeave={leave} />}
      <Toasts closeLabel={t("close")} />
      {prepared && <Tooltips />}
    </>
  );
}

/** The service worker fetches the page once more: not while the page itself is on its way. */
const OFFLINE_AFTER_MS = 2_000;

/** Be there without a network, and offer a newer page when there is one. */
function useOffline(): void {
  useEffect(() => {
    const offer = (change: () => void) =>
      toast(translate("update.ready"), { lasting: true, action: { label: translate("update.now"), run: change } });
    const timer = setTimeout(() => void startOffline(offer).catch(() => undefined), OFFLINE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** Speak the person's language before anything is said. */
function useSpoken(): boolean {
  const [spoken, setSpoken] = useState(false);
  useEffect(() => {
    void speak(wantedLanguage()).then(
      () => setSpoken(true),
      () => setSpoken(true),
    );
  }, []);
  return spoken;
}

function Waiting() {
  const t = useT();
  return (
    <main aria-busy className="flex h-full items-center justify-center">
      <div role="status">
        <h1 className="sr-only">{t("loading")}</h1>
      </div>
      <Mark busy className="size-14 text-accent" />
    </main>
  );
}

function Broken({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const t = useT();
  return (
    <main className="flex h-full flex-col items-center justify-center gap-5 p-6 text-center">
      <Mark className="size-14 text-muted" />
      <div role="alert">
        <h1 className="max-w-md text-lg">{wordsFor(error, t)}</h1>
      </div>
      <Button look="primary" onClick={onRetry}>
        {t("tryAgain")}
      </Button>
    </main>
  );
}
