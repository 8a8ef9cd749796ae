"use client";

import { Plus, X } from "lucide-react";
import useSWR from "swr";
import type { Page } from "@/lib/api";
import { listPath, type ManagedModel, type SeenUser } from "@/lib/api/admin";
import { get } from "@/lib/api/call";
import { useT } from "@/lib/i18n";
import { IconButton } from "@/ui/icon-button";
import { SearchBox, useSearch } from "./search";

type Chosen = ManagedModel["people"];

/** The people a model is for: who was chosen, and a search for more. */
export function People({ chosen, onChange }: { readonly chosen: Chosen; readonly onChange: (people: Chosen) => void }) {
  const t = useT();
  const search = useSearch();
  const { q } = search;
  const { data } = useSWR(q ? listPath("users", { limit: "6", q }) : null, (path) => get<Page<SeenUser>>(path));
  const found = (data?.items ?? []).filter((person) => !chosen.some(({ id }) => id === person.id));
  return (
    <div className="flex flex-col gap-2">
      <ul aria-label={t("admin.people")} className="flex flex-col">
        {chosen.map(({ id, email }) => (
          <PersonLine
            key={id}
            email={email}
            icon={X}
            label={t("admin.people.remove", { email })}
            onDo={() => onChange(chosen.filter((person) => person.id !== id))}
          />
        ))}
      </ul>
      {chosen.length === 0 && <p className="text-sm text-muted">{t("admin.people.none")}</p>}
      <SearchBox label={t("admin.people.add")} search={search} />
      <ul>
        {found.map(({ id, email }) => (
          <PersonLine
            key={id}
            email={email}
            icon={Plus}
            label={t("admin.people.choose", { email })}
            onDo={() => {
              onChange([...chosen, { id, email }]);
              search.setWords("");
            }}
          />
        ))}
      </ul>
    </div>
  );
}

interface PersonLineProps {
  readonly email: string;
  readonly icon: typeof X;
  readonly label: string;
  readonly onDo: () => void;
}

/** A person and the one thing that can be done about them here. */
function PersonLine({ email, icon, label, onDo }: PersonLineProps) {
  return (
    <li className="flex items-center justify-between gap-2 text-sm">
      <bdi className="truncate">{email}</bdi>
      <IconButton small icon={icon} label={label} onClick={onDo} />
    </li>
  );
}
