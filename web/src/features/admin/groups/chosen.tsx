"use client";

import useSWR from "swr";
import type { ManagedModel } from "@/lib/api/admin";
import { GROUPS, groups } from "@/lib/api/groups";
import { GroupChoice } from "@/ui/groups/group-choice";
import { People } from "../people";

export interface ChosenProps {
  readonly people: ManagedModel["people"];
  readonly onPeople: (people: ManagedModel["people"]) => void;
  readonly groups: readonly string[];
  readonly onGroups: (ids: string[]) => void;
}

/** For whom something was chosen: groups, and single people. */
export function Chosen({ people, onPeople, groups: chosen, onGroups }: ChosenProps) {
  const { data } = useSWR(GROUPS, groups);
  return (
    <>
      {data && data.length > 0 && <GroupChoice groups={data} chosen={chosen} onChange={onGroups} />}
      <People chosen={people} onChange={onPeople} />
    </>
  );
}
