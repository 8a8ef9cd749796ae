"use client";

import { ArrowLeft } from "lucide-react";
import { type FormEvent, useState } from "react";
import { mutate } from "swr";
import * as api from "@/lib/api";
import { SECOND_FACTOR } from "@/lib/api/two-step";
import { type Theme, useTheme } from "@/lib/browser/theme";
import { setMe, useMe, useModels } from "@/lib/data";
import { useTitle } from "@/lib/hooks/use-title";
import { LANGUAGES, type Language, speak, useLanguage, useT } from "@/lib/i18n";
import { go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { IconButton } from "@/ui/icon-button";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";
import { Keys } from "../keys/keys";
import { Passkeys } from "../passkeys/passkeys";
import { Section } from "../section";
import { SettingsForm } from "../settings-form";
import { TwoStep } from "../two-step/two-step";
import { Connections } from "./connections";
import { Deleted } from "./deleted";
import { EmailForm } from "./email-form";
import { Groups } from "./groups";
import { Leave } from "./leave";
import { PasswordForm } from "./password-form";
import { Phone } from "./phone";
import { Quota } from "./quota";
import { Sessions } from "./sessions";
import { Transfer } from "./transfer";

/** What belongs to the person and not to one conversation. */
export function AccountScreen({ onLeave }: { readonly onLeave: () => void }) {
  const t = useT();
  useTitle(t("account.title"));
  const { data: user } = useMe();
  if (!user) return null;
  return (
    <div className="h-full flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-4 pb-16">
        <header className="flex h-14 items-center gap-2">
          <IconButton icon={ArrowLeft} label={t("back")} className="-ms-2 rtl:-scale-x-100" onClick={() => go("/")} />
          <h1 className="font-serif text-2xl">{t("account.title")}</h1>
        </header>
        <Profile user={user} />
        <Looks />
        <Defaults user={user} />
        <Section title={t("quota.title")} about={t("quota.about")}>
          <Quota />
        </Section>
        <Section title={t("password.title")} about={t("password.about")}>
          <PasswordForm first={!user.has_password} />
        </Section>
        <Section title={t("twoStep.title")} about={t("twoStep.about")}>
          <TwoStep hasPassword={user.has_password} />
        </Section>
        {user.has_password && (
          <Section title={t("passkeys.title")} about={t("passkeys.about")}>
            <Passkeys onChanged={() => void mutate(SECOND_FACTOR)} />
          </Section>
        )}
        <Groups />
        <Section title={t("sessions.title")} about={t("sessions.about")}>
          <Sessions />
          <Phone />
        </Section>
        <Section title={t("keys.title")} about={t("keys.about")}>
          <Keys />
        </Section>
        <Section title={t("connections.title")} about={t("connections.about")}>
          <Connections />
        </Section>
        <Section title={t("transfer.title")}>
          <Transfer />
        </Section>
        <Section title={t("deleted.title")}>
          <Deleted />
        </Section>
        <Section title={t("account.session")}>
          <Button
            onClick={() => {
              void api
                .logOut()
                .catch(() => undefined)
                .then(onLeave);
            }}
          >
            {t("auth.logOut")}
          </Button>
        </Section>
        <Section title={t("leave.title")} about={t("leave.about")}>
          <Leave onLeave={onLeave} />
        </Section>
      </div>
    </div>
  );
}

function useSave() {
  const t = useT();
  return async (change: Parameters<typeof api.changeMe>[0], quiet = false) => {
    try {
      await setMe(await api.changeMe(change));
      if (!quiet) toast(t("saved"));
    } catch (error) {
      toast(wordsFor(error, t), { tone: "danger" });
    }
  };
}

function Profile({ user }: { readonly user: api.User }) {
  const t = useT();
  const save = useSave();
  const [name, setName] = useState(user.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save({ name: name.trim() });
  };
  return (
    <Section title={t("account.profile")} about={user.email}>
      <form onSubmit={submit} className="flex flex-col gap-4 sm:flex-row sm:items-end">
        <div className="flex-1">
          <TextField
            label={t("auth.name")}
            value={name}
            maxLength={200}
            autoComplete="name"
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" look="primary" className="h-11" disabled={name.trim() === user.name}>
          {t("save")}
        </Button>
      </form>
      {user.has_password && <EmailForm />}
    </Section>
  );
}

function Looks() {
  const t = useT();
  const [theme, setTheme] = useTheme();
  const language = useLanguage();
  return (
    <Section title={t("account.looks")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select label={t("account.theme")} value={theme} onChange={(value) => setTheme(value as Theme)}>
          {(["system", "light", "dark"] as const).map((each) => (
            <option key={each} value={each}>
              {t(`theme.${each}`)}
            </option>
          ))}
        </Select>
        <Select label={t("account.language")} value={language} onChange={(value) => void speak(value as Language)}>
          {Object.entries(LANGUAGES).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </Select>
      </div>
    </Section>
  );
}

function Defaults({ user }: { readonly user: api.User }) {
  const t = useT();
  const save = useSave();
  const { data } = useModels();
  const { model, presets, ...settings } = user.settings;
  const others = { ...(model ? { model } : {}), ...(presets ? { presets } : {}) };
  return (
    <Section title={t("account.defaults")} about={t("account.defaultsAbout")}>
      <div className="flex flex-col gap-5">
        <Select
          label={t("models.label")}
          value={model ?? ""}
          onChange={(value) => {
            const { model: _, ...rest } = others;
            void save({ settings: { ...settings, ...rest, ...(value ? { model: value } : {}) } }, true);
          }}
        >
          <option value="">{t("models.first")}</option>
          {(data?.items ?? []).map((each) => (
            <option key={`${each.pool}/${each.name}`} value={each.name}>
              {each.name}
            </option>
          ))}
        </Select>
        <SettingsForm
          settings={settings}
          usual={{}}
          onChange={(wanted) => void save({ settings: { ...wanted, ...others } }, true)}
        />
      </div>
    </Section>
  );
}
