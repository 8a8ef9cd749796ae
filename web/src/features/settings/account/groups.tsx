"use client";

import { Users } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import { MY_GROUPS, type MyGroup, myGroups } from "@/lib/api/groups";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { MembersDialog } from "@/ui/groups/members-dialog";
import { Section } from "../section";

/** The groups the person is in; not there where they are in none. */
export function Groups() {
  const t = useT();
  const { data, mutate } = useSWR(MY_GROUPS, myGroups);
  const [open, setOpen] = useState<MyGroup | null>(null);
  if (!data || (data.length === 0 && open === null)) return null;
  return (
    <Section title={t("groups.title")} about={t("groups.mine")}>
      <ul aria-label={t("groups.title")} className="divide-y divide-line rounded-xl border border-line bg-raised">
        {data.map((group) => (
          <li key={group.id} className="flex items-center gap-3 px-4 py-3 text-sm">
            <Users aria-hidden className="size-5 shrink-0 text-muted" strokeWidth={1.75} />
            <div className="min-w-0 flex-1">
              <bdi className="block truncate font-medium">{group.name}</bdi>
              {group.manager && <p className="text-muted">{t("groups.manager")}</p>}
            </div>
            <Button small aria-label={t("groups.membersOf", { group: group.name })} onClick={() => setOpen(group)}>
              {t("groups.members")}
            </Button>
          </li>
        ))}
      </ul>
      {open && (
        <MembersDialog
          group={open}
          manages={open.manager}
          onChange={() => void mutate()}
          onClose={() => setOpen(null)}
        />
      )}
    </Section>
  );
}
