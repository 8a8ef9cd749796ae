"use client";

import useSWR from "swr";
import { MY_GROUPS, myGroups } from "@/lib/api/groups";
import { useMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { GroupChoice } from "../groups/group-choice";
import { Select } from "../select";

type Audience = "owner" | "chosen" | "everyone";

export interface GivenProps {
  readonly audience: Audience;
  readonly groups: readonly string[];
  readonly onChange: (part: { audience?: Audience; groups?: readonly string[] }) => void;
}

/** Who may use something: its owner, some of their groups, or (if an administrator says so) everyone. */
export function Given({ audience, groups: chosen, onChange }: GivenProps) {
  const t = useT();
  const { data: me } = useMe();
  const { data: groups = [] } = useSWR(MY_GROUPS, myGroups);
  const offered: readonly Audience[] = me?.role === "admin" ? ["owner", "chosen", "everyone"] : ["owner", "chosen"];
  return (
    <>
      <Select label={t("groups.who")} value={audience} onChange={(value) => onChange({ audience: value as Audience })}>
        {[...new Set([...offered, audience])].map((each) => (
          <option key={each} value={each}>
            {t(`groups.audience.${each}`)}
          </option>
        ))}
      </Select>
      {audience === "chosen" && (
        <GroupChoice
          groups={groups}
          chosen={chosen.filter((id) => groups.some((group) => group.id === id))}
          onChange={(ids) => onChange({ groups: ids })}
        />
      )}
    </>
  );
}
