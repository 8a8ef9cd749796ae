"use client";

import { useState } from "react";
import * as api from "@/lib/api";
import { patchShown, showConversation, useConversation, useMe } from "@/lib/data";
import { translate, useT } from "@/lib/i18n";
import { chooseForNewChat, useNewChat } from "@/lib/new-chat";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { toast } from "@/ui/toasts";
import { besides } from "./fields";
import { Presets } from "./presets";
import { SettingsForm } from "./settings-form";

/** The settings of one conversation, or of the one that begins next. */
export function SettingsPanel({ id, onClose }: { readonly id: string | null; readonly onClose: () => void }) {
  const t = useT();
  const { data: user } = useMe();
  const { data: conversation } = useConversation(id);
  const fresh = useNewChat((state) => state.settings);
  const [times, setTimes] = useState(0);
  const settings = id === null ? fresh : conversation?.settings;
  const change = (wanted: api.Settings) => {
    if (id === null) return chooseForNewChat({ settings: wanted });
    patchShown(id, { settings: wanted });
    api
      .changeConversation(id, { settings: wanted })
      .then(showConversation, (error) => toast(wordsFor(error, translate), { tone: "danger" }));
  };
  const replace = (wanted: api.Settings) => {
    change(wanted);
    setTimes(times + 1);
  };
  return (
    <Dialog title={t("settings.title")} closeLabel={t("close")} shape="side" onClose={onClose}>
      <p className="mb-5 text-sm text-muted">{t("settings.about")}</p>
      {settings && <Presets settings={settings} onUse={replace} />}
      {settings && (
        <SettingsForm
          key={times}
          settings={settings}
          usual={user?.settings ?? {}}
          onChange={(form) => change(besides(settings, form))}
        />
      )}
      <Button className="mt-6" onClick={() => replace({})}>
        {t("settings.reset")}
      </Button>
    </Dialog>
  );
}
