"use client";

import { SlidersHorizontal, Trash2, Users } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api/groups";
import { count } from "@/lib/format";
import { type Translate, useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormEnd } from "@/ui/form-end";
import { MembersDialog } from "@/ui/groups/members-dialog";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toasts";
import { States } from "../states";
import { GroupDialog } from "./group-dialog";

type Open = { readonly what: "settings" | "members" | "remove"; readonly id: string } | null;

/** The groups of this server: made, filled, removed. */
export function Groups() {
  const t = useT();
  const { data, error, mutate } = useSWR(api.GROUPS, api.groups);
  const [open, setOpen] = useState<Open>(null);
  const chosen = data?.find(({ id }) => id === open?.id) ?? null;
  const again = () => void mutate();
  const close = () => setOpen(null);
  return (
    <section aria-label={t("groups.title")}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted">{t("groups.about")}</p>
        <Button look="primary" onClick={() => setOpen({ what: "settings", id: "" })}>
          {t("groups.new")}
        </Button>
      </div>
      <States items={data} error={error} empty={t("groups.none")} onRetry={again}>
        {(groups) => (
          <ul className="divide-y divide-line border-y border-line">
            {groups.map((group) => (
              <Row key={group.id} group={group} onOpen={(what) => setOpen({ what, id: group.id })} />
            ))}
          </ul>
        )}
      </States>
      {open?.what === "settings" && <GroupDialog group={chosen} onSaved={again} onClose={close} />}
      {open?.what === "members" && chosen && <MembersDialog group={chosen} manages onChange={again} onClose={close} />}
      {open?.what === "remove" && chosen && <Remove group={chosen} onRemoved={again} onClose={close} />}
    </section>
  );
}

interface RowProps {
  readonly group: api.Group;
  readonly onOpen: (what: "settings" | "members" | "remove") => void;
}

function Row({ group, onOpen }: RowProps) {
  const t = useT();
  const language = useLanguage();
  const { name } = group;
  const limits = limitsOf(group, t, (value) => count(value, language));
  return (
    <li className="flex items-center gap-1 py-3">
      <div className="min-w-0 flex-1">
        <bdi className="block truncate font-medium">{name}</bdi>
        <p className="text-sm text-muted">{[t("groups.count", { count: group.members }), ...limits].join(" · ")}</p>
      </div>
      <IconButton icon={Users} label={t("groups.membersOf", { group: name })} onClick={() => onOpen("members")} />
      <IconButton
        icon={SlidersHorizontal}
        label={t("groups.change", { group: name })}
        onClick={() => onOpen("settings")}
      />
      <IconButton icon={Trash2} label={t("groups.delete", { group: name })} onClick={() => onOpen("remove")} />
    </li>
  );
}

function limitsOf(
  { quota, weight, second_factor }: api.Group,
  t: Translate,
  shown: (value: number) => string,
): string[] {
  return [
    quota?.day != null && t("groups.perDay", { tokens: shown(quota.day) }),
    quota?.month != null && t("groups.perMonth", { tokens: shown(quota.month) }),
    weight !== null && t("groups.shareOf", { weight: shown(weight) }),
    second_factor && t("groups.secondFactorSet"),
  ].filter((each) => each !== false);
}

interface RemoveProps {
  readonly group: api.Group;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

function Remove({ group, onRemoved, onClose }: RemoveProps) {
  const t = useT();
  const remove = async () => {
    try {
      await api.removeGroup(group.id);
      toast(t("groups.deleted", { group: group.name }));
      onRemoved();
      onClose();
    } catch (error) {
      toast(wordsFor(error, t), { tone: "danger" });
    }
  };
  return (
    <Dialog title={t("groups.delete", { group: group.name })} closeLabel={t("close")} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <p className="text-sm">{t("groups.deleteAbout", { count: group.members })}</p>
        <FormEnd label={t("groups.deleteDo")} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
