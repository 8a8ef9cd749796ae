"use client";

import { type FormEvent, useState } from "react";
import useSWR from "swr";
import { MY_GROUPS, myGroups } from "@/lib/api/groups";
import * as api from "@/lib/api/knowledge";
import { useMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { FormEnd } from "@/ui/form-end";
import { GroupChoice } from "@/ui/groups/group-choice";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";

type Audience = api.Collection["audience"];

export interface AudienceDialogProps {
  readonly collection: api.Collection;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** Who may read a collection: its owner, some of their groups, or everyone. */
export function AudienceDialog({ collection, onSaved, onClose }: AudienceDialogProps) {
  const t = useT();
  const { data: me } = useMe();
  const { data: groups = [] } = useSWR(MY_GROUPS, myGroups);
  const [audience, setAudience] = useState<Audience>(collection.audience);
  const [chosen, setChosen] = useState<readonly string[]>(collection.groups);
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const known = chosen.filter((id) => groups.some((group) => group.id === id));
      await api.changeCollection(collection.id, { audience, groups: audience === "chosen" ? known : [] });
      toast(t("saved"));
      onSaved();
      onClose();
    } catch (error) {
      setFault(wordsFor(error, t));
    }
  };
  const offered: readonly Audience[] = me?.role === "admin" ? ["owner", "chosen", "everyone"] : ["owner", "chosen"];
  return (
    <Dialog title={t("groups.share", { name: collection.name })} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <Select label={t("groups.who")} value={audience} onChange={(value) => setAudience(value as Audience)}>
          {(offered.includes(audience) ? offered : [...offered, audience]).map((each) => (
            <option key={each} value={each}>
              {t(`groups.audience.${each}`)}
            </option>
          ))}
        </Select>
        {audience === "chosen" && <GroupChoice groups={groups} chosen={chosen} onChange={setChosen} />}
        <FormEnd fault={fault} label={t("save")} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
