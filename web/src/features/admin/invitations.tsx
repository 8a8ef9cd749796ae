"use client";

import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import useSWR from "swr";
import * as admin from "@/lib/api/admin";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { IconButton } from "@/ui/icon-button";
import { Once } from "@/ui/once";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";
import { Chip, States } from "./states";

/** Who was invited, and a way to invite. */
export function Invitations() {
  const t = useT();
  const { data, error, mutate } = useSWR(admin.INVITATIONS, admin.invitations);
  const [inviting, setInviting] = useState(false);
  return (
    <section aria-label={t("admin.invitations")}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted">{t("admin.invitations.about")}</p>
        <Button look="primary" onClick={() => setInviting(true)}>
          {t("admin.invite")}
        </Button>
      </div>
      <States items={data} error={error} empty={t("admin.invitations.none")} onRetry={() => void mutate()}>
        {(items) => (
          <ul className="divide-y divide-line border-y border-line">
            {items.map((each) => (
              <Row key={each.id} invitation={each} onGone={() => void mutate()} />
            ))}
          </ul>
        )}
      </States>
      {inviting && <Invite onMade={() => void mutate()} onClose={() => setInviting(false)} />}
    </section>
  );
}

function Row({ invitation, onGone }: { readonly invitation: admin.Invitation; readonly onGone: () => void }) {
  const t = useT();
  const language = useLanguage();
  const over = Date.parse(invitation.expires_at) < Date.now();
  const takeBack = async () => {
    try {
      await admin.takeBack(invitation.id);
      toast(t("admin.invitations.gone"));
    } catch (error) {
      toast(wordsFor(error, t), { tone: "danger" });
    }
    onGone();
  };
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <bdi className="truncate font-medium">{invitation.email ?? t("admin.invitations.anybody")}</bdi>
          {invitation.role === "admin" && <Chip tone="good">{t("admin.role.admin")}</Chip>}
          {invitation.used_at ? (
            <Chip>{t("admin.invitations.used")}</Chip>
          ) : (
            over && <Chip>{t("admin.invitations.over")}</Chip>
          )}
        </p>
        <p className="text-sm text-muted">
          {t("admin.invitations.until", { time: dateTime(invitation.expires_at, language) })}
        </p>
      </div>
      {!invitation.used_at && (
        <IconButton icon={X} label={t("admin.invitations.takeBack")} onClick={() => void takeBack()} />
      )}
    </li>
  );
}

function Invite({ onMade, onClose }: { readonly onMade: () => void; readonly onClose: () => void }) {
  const t = useT();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<admin.SeenUser["role"]>("user");
  const [days, setDays] = useState("7");
  const [link, setLink] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const made = await admin.invite(email.trim() || null, role, Number(days));
      // After the #, so that no server and no log ever sees it.
      setLink(`${location.origin}/signup#invitation=${made.token}`);
      onMade();
    } catch (error) {
      setFault(wordsFor(error, t));
    }
  };
  return (
    <Dialog title={t("admin.invite")} closeLabel={t("close")} onClose={onClose}>
      {link === null ? (
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
          <TextField
            label={t("admin.invite.email")}
            hint={t("admin.invite.emailHint")}
            error={fault}
            type="email"
            value={email}
            maxLength={254}
            onChange={(event) => setEmail(event.target.value)}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Select label={t("admin.role")} value={role} onChange={(value) => setRole(value as typeof role)}>
              <option value="user">{t("admin.role.user")}</option>
              <option value="admin">{t("admin.role.admin")}</option>
            </Select>
            <Select label={t("admin.invite.days")} value={days} onChange={setDays}>
              {[1, 7, 30, 90].map((number) => (
                <option key={number} value={number}>
                  {t("admin.days", { count: number })}
                </option>
              ))}
            </Select>
          </div>
          <Button type="submit" look="primary" className="self-end">
            {t("admin.invite.make")}
          </Button>
        </form>
      ) : (
        <Once label={t("admin.invite.link")} text={link} about={t("admin.once")} onClose={onClose} />
      )}
    </Dialog>
  );
}
