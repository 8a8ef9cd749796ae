"use client";

import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { SWRConfig } from "swr";
import { AuthScreen, UserButton } from "@/features/auth";
import { ChatScreen, forgetTemporary, forgetThreads } from "@/features/chat";
import { Sidebar } from "@/features/sidebar";
import { onSessionEnd, passing } from "@/lib/api";
import { forgetAll, refreshAll, setMe, useMe } from "@/lib/data";
import { forgetTrays } from "@/lib/files";
import { speak, translate, useT, wantedLanguage } from "@/lib/i18n";
import { forgetRead, startOffline } from "@/lib/offline";
import { showPanel, usePanels } from "@/lib/panels";
import { go, type Route, useRoute } from "@/lib/route";
import { forgetPerson } from "@/lib/stored";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Mark } from "@/ui/mark";
import { Toasts, toast } from "@/ui/toasts";
import { useKeys } from "./use-keys";

// What is not seen at once is fetched when it is wanted.
const Palette = lazy(() => import("@/features/search").then((module) => ({ default: module.Palette })));
const settings = () => import("@/features/settings");
const AdminScreen = lazy(() => import("@/features/admin").then((module) => ({ default: module.AdminScreen })));
const AccountScreen = lazy(() => settings().then((module) => ({ default: module.AccountScreen })));
const HelpSheet = lazy(() => settings().then((module) => ({ default: module.HelpSheet })));
const SettingsPanel = lazy(() => settings().then((module) => ({ default: module.SettingsPanel })));
const ShareDialog = lazy(() => import("@/features/sharing").then((module) => ({ default: module.ShareDialog })));
const SharedScreen = lazy(() => import("@/features/shared").then((module) => ({ default: module.SharedScreen })));

/** The page: who is there, and which screen they look at. */
export function App() {
  useOffline();
  return (
    <SWRConfig value={{ errorRetryCount: 8, shouldRetryOnError: (error: unknown) => passing(error) }}>
      <Gate />
    </SWRConfig>
  );
}

function Gate() {
  const t = useT();
  const route = useRoute();
  const { data: user, error, mutate } = useMe();
  const spoken = useSpoken();
  const [expired, setExpired] = useState(false);
  const wanted = useRef("/");

  const forget = useCallback(async () => {
    forgetTemporary();
    forgetThreads();
    forgetTrays();
    await forgetRead();
    await forgetAll();
    await setMe(null);
  }, []);
  const leave = useCallback(() => {
    setExpired(false);
    wanted.current = "/";
    forgetPerson();
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
  const open = route.screen === "shared";
  useEffect(() => {
    if (user === null && !outside && !open) {
      wanted.current = location.pathname + location.hash;
      go("/login", { replace: true });
    }
    if (user && outside) go(wanted.current, { replace: true });
  }, [user, outside, open]);

  if (!spoken) return null;
  if (route.screen === "shared") {
    return (
      <Suspense fallback={<Waiting />}>
        <SharedScreen key={route.token} token={route.token} />
      </Suspense>
    );
  }
  return (
    <>
      {user === undefined && !error && <Waiting />}
      {user === undefined && error && <Unreachable error={error} onRetry={() => void mutate()} />}
      {user === null && outside && <AuthScreen kind={route.screen} next={wanted.current} expired={expired} />}
      {user && !outside && <Inside route={route} onLeave={leave} />}
      <Toasts closeLabel={t("close")} />
    </>
  );
}

function Inside({ route, onLeave }: { readonly route: Route; readonly onLeave: () => void }) {
  const panel = usePanels((state) => state.panel);
  const about = usePanels((state) => state.about);
  useKeys();
  const id = route.screen === "chat" ? route.id : null;
  const close = () => showPanel(null);
  return (
    <div className="flex h-dvh">
      <Sidebar current={id}>
        <UserButton onLeave={onLeave} />
      </Sidebar>
      <main className="flex h-full min-w-0 flex-1">
        {route.screen === "chat" && <ChatScreen id={route.id} />}
        {route.screen === "temporary" && <ChatScreen id={null} temporary />}
        <Suspense fallback={<span className="flex-1" />}>
          {route.screen === "account" && <AccountScreen onLeave={onLeave} />}
          {route.screen === "admin" && <AdminScreen section={route.section} />}
        </Suspense>
        {route.screen === "missing" && <Missing />}
      </main>
      <Suspense fallback={null}>
        {panel === "settings" && <SettingsPanel key={id} id={id} onClose={close} />}
        {panel === "palette" && <Palette onClose={close} />}
        {panel === "share" && about !== null && <ShareDialog key={about} id={about} onClose={close} />}
        {panel === "help" && <HelpSheet onClose={close} />}
      </Suspense>
    </div>
  );
}

/** Be there without a network, and offer a newer page when there is one. */
function useOffline(): void {
  useEffect(() => {
    const offer = (change: () => void) =>
      toast(translate("update.ready"), { lasting: true, action: { label: translate("update.now"), run: change } });
    void startOffline(offer).catch(() => undefined);
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
    <main role="status" aria-label={t("loading")} className="flex h-full items-center justify-center">
      <Mark busy className="size-14 text-accent" />
    </main>
  );
}

function Unreachable({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const t = useT();
  return (
    <main role="alert" className="flex h-full flex-col items-center justify-center gap-5 p-6 text-center">
      <Mark className="size-14 text-muted" />
      <p className="max-w-md text-lg">{wordsFor(error, t)}</p>
      <Button look="primary" onClick={onRetry}>
        {t("tryAgain")}
      </Button>
    </main>
  );
}

function Missing() {
  const t = useT();
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-4 p-8 text-center">
      <h1 className="font-serif text-3xl">{t("page.missing")}</h1>
      <Button look="primary" onClick={() => go("/")}>
        {t("page.home")}
      </Button>
    </div>
  );
}
