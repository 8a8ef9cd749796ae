"use client";

import { ShieldCheck, ShieldMinus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api/groups";
import { useMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "../button";
import { Dialog } from "../dialog";
import { TextField } from "../field";
import { IconButton } from "../icon-button";
import { Skeleton } from "../skeleton";
import { toast } from "../toasts";

export interface MembersDialogProps {
  readonly group: { readonly id: string; readonly name: string };
  /** Whether the person adds and removes members here. */
  readonly manages: boolean;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** Who is in a group, and for those who manage it who is to be. */
export function MembersDialog({ group, manages, onChange, onClose }: MembersDialogProps) {
  const t = useT();
  const { data: me } = useMe();
  const { data, error, mutate } = useSWR(api.membersPath(group.id), api.members);
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await mutate();
      onChange();
    } catch (fault) {
      toast(wordsFor(fault, t), { tone: "danger" });
    }
  };
  const remove = (member: api.Member) =>
    attempt(async () => {
      await api.removeMember(group.id, member.id);
      if (member.id !== me?.id || manages) return;
      onChange();
      onClose();
    });
  return (
    <Dialog title={t("groups.membersOf", { group: group.name })} closeLabel={t("close")} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {manages && (
          <Add
            onAdd={(email) =>
              api
                .addMember(group.id, email)
                .then(() => mutate())
                .then(onChange)
            }
          />
        )}
        {error && !data && <p className="text-danger">{wordsFor(error, t)}</p>}
        {!data && !error && <Skeleton lines={3} label={t("loading")} />}
        {data?.length === 0 && <p className="text-sm text-muted">{t("groups.empty")}</p>}
        <ul aria-label={t("groups.members")} className="divide-y divide-line">
          {data?.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              isMe={member.id === me?.id}
              manages={manages}
              onManager={() => void attempt(() => api.letManage(group.id, member.id, !member.manager))}
              onRemove={() => void remove(member)}
            />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function Add({ onAdd }: { readonly onAdd: (email: string) => Promise<unknown> }) {
  const t = useT();
  const [email, setEmail] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd(email.trim()).then(
      () => {
        setEmail("");
        setFault(null);
      },
      (error) => setFault(wordsFor(error, t)),
    );
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 sm:flex-row sm:items-end">
      <div className="flex-1">
        <TextField
          label={t("groups.email")}
          type="email"
          required
          maxLength={254}
          value={email}
          error={fault}
          onChange={(event) => setEmail(event.target.value)}
        />
      </div>
      <Button type="submit" look="primary" className="h-11" disabled={email.trim() === ""}>
        {t("groups.add")}
      </Button>
    </form>
  );
}

interface MemberRowProps {
  readonly member: api.Member;
  readonly isMe: boolean;
  readonly manages: boolean;
  readonly onManager: () => void;
  readonly onRemove: () => void;
}

function MemberRow({ member, isMe, manages, onManager, onRemove }: MemberRowProps) {
  const t = useT();
  const { email, manager, by_claim } = member;
  const about = [manager && t("groups.manager"), by_claim && t("groups.byClaim")].filter(Boolean).join(" · ");
  return (
    <li className="flex items-center gap-1 py-2 text-sm">
      <div className="min-w-0 flex-1">
        <bdi className="block truncate">{email}</bdi>
        {about && <p className="text-muted">{about}</p>}
      </div>
      {manages && (
        <IconButton
          small
          icon={manager ? ShieldMinus : ShieldCheck}
          label={t(manager ? "groups.noManager" : "groups.makeManager", { email })}
          onClick={onManager}
        />
      )}
      {isMe && !manages ? (
        <Button small onClick={onRemove}>
          {t("groups.leave")}
        </Button>
      ) : (
        manages && <IconButton small icon={X} label={t("groups.remove", { email })} onClick={onRemove} />
      )}
    </li>
  );
}
