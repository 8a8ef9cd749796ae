"use client";

import { useState } from "react";
import { UserButton } from "@/features/auth";
import { ChatScreen, prepareChat, useOutbox } from "@/features/chat";
import { Sidebar } from "@/features/sidebar";
import { mayBeSignedIn } from "@/lib/api";
import { takeArriving } from "@/lib/browser/arriving";
import { useMe } from "@/lib/data";
import { fetched } from "@/lib/fetched";
import { useT, withSentences } from "@/lib/i18n";
import { closePanel, usePanels } from "@/lib/panels";
import { go, type Route, routeOf } from "@/lib/route";
import { Button } from "@/ui/button";
import { useKeys } from "./use-keys";

// What is not seen at once is fetched when it is wanted.
const settings = () => withSentences("account", withSentences("groups", import("@/features/settings")));
const Palette = fetched(() => import("@/features/search").then((module) => module.Palette));
const AdminScreen = fetched(
  () =>
    withSentences("admin", withSentences("groups", withSentences("steps", import("@/features/admin")))).then(
      (module) => module.AdminScreen,
    ),
  Blank,
);
const AssistantsScreen = fetched(
  () =>
    withSentences("assistants", withSentences("groups", import("@/features/assistants"))).then(
      (module) => module.AssistantsScreen,
    ),
  Blank,
);
const PromptsScreen = fetched(
  () =>
    withSentences("prompts", withSentences("groups", import("@/features/prompts"))).then(
      (module) => module.PromptsScreen,
    ),
  Blank,
);
const KnowledgeScreen = fetched(
  () =>
    withSentences("knowledge", withSentences("groups", import("@/features/knowledge"))).then(
      (module) => module.KnowledgeScreen,
    ),
  Blank,
);
const AccountScreen = fetched(() => settings().then((module) => module.AccountScreen), Blank);
const MustSetUp = fetched(() => settings().then((module) => module.MustSetUp), Blank);
const HelpSheet = fetched(() => settings().then((module) => module.HelpSheet));
const SettingsPanel = fetched(() => settings().then((module) => module.SettingsPanel));
const ShareDialog = fetched(() => import("@/features/sharing").then((module) => module.ShareDialog));

// The conversation that is opened is asked for while the server still says who is signed in.
const first = routeOf(location.pathname);
if (first.screen === "chat" && first.id !== null && mayBeSignedIn()) prepareChat(first.id);

export interface InsideProps {
  readonly route: Route;
  readonly userId: string;
  readonly onLeave: () => void;
}

/** The page of somebody who is signed in. */
export function Inside({ route, userId, onLeave }: InsideProps) {
  const panel = usePanels((state) => state.panel);
  const about = usePanels((state) => state.about);
  useKeys();
  useOutbox(userId);
  // Before the message box reads its draft.
  useState(() => takeArriving("draft.new"));
  const { data: user } = useMe();
  const [later, setLater] = useState(false);
  const due = user?.second_factor_due;
  const id = route.screen === "chat" ? route.id : null;
  const close = () => closePanel(panel);
  if (due && !later) return <MustSetUp due={due} onLater={() => setLater(true)} onLeave={onLeave} />;
  return (
    <div className="flex h-dvh">
      <Sidebar current={id}>
        <UserButton onLeave={onLeave} />
      </Sidebar>
      <main className="flex h-full min-w-0 flex-1">
        {route.screen === "chat" && <ChatScreen id={route.id} />}
        {route.screen === "temporary" && <ChatScreen id={null} temporary />}
        {route.screen === "account" && <AccountScreen onLeave={onLeave} />}
        {route.screen === "assistants" && <AssistantsScreen />}
        {route.screen === "prompts" && <PromptsScreen />}
        {route.screen === "knowledge" && <KnowledgeScreen id={route.id} />}
        {route.screen === "admin" && <AdminScreen section={route.section} />}
        {route.screen === "missing" && <Missing />}
      </main>
      {panel === "settings" && <SettingsPanel key={id} id={id} onClose={close} />}
      {panel === "palette" && <Palette onClose={close} />}
      {panel === "share" && about !== null && <ShareDialog key={about} id={about} onClose={close} />}
      {panel === "help" && <HelpSheet onClose={close} />}
    </div>
  );
}

function Blank() {
  return <span className="flex-1" />;
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
