"use client";

import {
  Ban,
  Gauge,
  KeyRound,
  LogOut,
  MoreHorizontal,
  ShieldCheck,
  ShieldMinus,
  Smartphone,
  Undo2,
} from "lucide-react";
import { useState } from "react";
import * as admin from "@/lib/api/admin";
import { useMe } from "@/lib/data";
import { count, dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { IconButton } from "@/ui/icon-button";
import { Menu } from "@/ui/menu";
import { toast } from "@/ui/toasts";
import { PasswordDialog } from "./password-dialog";
import { QuotaDialog } from "./quota-dialog";
import { Chip } from "./states";
import { TwoStepDialog } from "./two-step-dialog";

interface UserRowProps {
  readonly person: admin.SeenUser;
  readonly onChange: () => void;
}

/** A person, and what can be done about them. */
export function UserRow({ person, onChange }: UserRowProps) {
  const t = useT();
  const language = useLanguage();
  const { data: me } = useMe();
  const [open, setOpen] = useState<"quota" | "password" | "two-step" | null>(null);
  const change = useChange(person, onChange);
  const disabled = person.disabled_at !== null;
  const isMe = me?.id === person.id;
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="grid min-w-0 flex-1 gap-x-6 gap-y-1 sm:grid-cols-[minmax(0,1fr)_17rem]">
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <bdi className={`truncate font-medium ${disabled ? "text-muted line-through" : ""}`}>
              {person.name || person.email}
            </bdi>
            {person.role === "admin" && <Chip tone="good">{t("admin.role.admin")}</Chip>}
            {disabled && <Chip tone="bad">{t("admin.users.disabled")}</Chip>}
            {isMe && <Chip>{t("admin.users.you")}</Chip>}
          </p>
          <p dir="ltr" className="truncate text-start text-sm text-muted">
            {person.email}
          </p>
        </div>
        <div className="text-sm text-muted">
          <p>{spent(person.used.day, "admin.users.today")}</p>
          <p>
            {person.seen_at
              ? t("admin.users.seen", { time: dateTime(person.seen_at, language) })
              : t("admin.users.never")}
          </p>
        </div>
      </div>
      <Menu
        label={t("admin.users.actions", { email: person.email })}
        items={[
          disabled
            ? { label: t("admin.users.enable"), icon: Undo2, onSelect: () => void change({ disabled: false }) }
            : {
                label: t("admin.users.disable"),
                icon: Ban,
                danger: true,
                disabled: isMe,
                onSelect: () => void change({ disabled: true }, { disabled: false }),
              },
          person.role === "admin"
            ? {
                label: t("admin.users.demote"),
                icon: ShieldMinus,
                disabled: isMe,
                onSelect: () => void change({ role: "user" }, { role: "admin" }),
              }
            : {
                label: t("admin.users.promote"),
                icon: ShieldCheck,
                onSelect: () => void change({ role: "admin" }, { role: "user" }),
              },
          "line",
          { label: t("admin.quota"), icon: Gauge, onSelect: () => setOpen("quota") },
          { label: t("admin.password"), icon: KeyRound, onSelect: () => setOpen("password") },
          {
            label: t("admin.twoStep"),
            icon: Smartphone,
            disabled: !person.second_factor,
            onSelect: () => setOpen("two-step"),
          },
          { label: t("admin.users.signOut"), icon: LogOut, onSelect: () => void signOut() },
        ]}
        trigger={(props) => (
          <IconButton icon={MoreHorizontal} label={t("admin.users.actions", { email: person.email })} {...props} />
        )}
      />
      {open === "quota" && <QuotaDialog person={person} onSave={change} onClose={() => setOpen(null)} />}
      {open === "password" && <PasswordDialog person={person} onDone={onChange} onClose={() => setOpen(null)} />}
      {open === "two-step" && <TwoStepDialog person={person} onDone={onChange} onClose={() => setOpen(null)} />}
    </li>
  );

  function spent(window: admin.Quota["day"], key: "admin.users.today") {
    const used = count(window.used, language);
    return window.allowed === null
      ? t(key, { used })
      : t("admin.users.todayOf", { used, allowed: count(window.allowed, language) });
  }

  async function signOut() {
    try {
      await admin.endSessions(person.id);
      toast(t("admin.users.signedOut", { email: person.email }));
      onChange();
    } catch (error) {
      toast(wordsFor(error, t), { tone: "danger" });
    }
  }
}

/** Change a person, and offer to undo it. */
function useChange(person: admin.SeenUser, onChange: () => void) {
  const t = useT();
  const change = async (said: admin.UserChange, undo?: admin.UserChange) => {
    try {
      await admin.changeUser(person.id, said);
      const action = undo && { label: t("undo"), run: () => void change(undo) };
      toast(t("admin.users.changed", { email: person.email }), action ? { action } : {});
      onChange();
    } catch (error) {
      toast(wordsFor(error, t), { tone: "danger" });
    }
  };
  return change;
}
