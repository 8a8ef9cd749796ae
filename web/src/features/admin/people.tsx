"use client";

import { Plus, X } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import type { Page } from "@/lib/api";
import { listPath, type ManagedModel, type SeenUser } from "@/lib/api/admin";
import { get } from "@/lib/api/call";
import { useT } from "@/lib/i18n";
import { useSettled } from "@/lib/use-settled";
import { TextField } from "@/ui/field";
import { IconButton } from "@/ui/icon-button";

type Chosen = ManagedModel["people"];

/** The people a model is for: who was chosen, and a search for more. */
export function People({ chosen, onChange }: { readonly chosen: Chosen; readonly onChange: (people: Chosen) => void }) {
  const t = useT();
  const [words, setWords] = useState("");
  const q = useSettled(words.trim(), 250);
  const { data } = useSWR(q ? listPath("users", { limit: "6", q }) : null, (path) => get<Page<SeenUser>>(path));
  const found = (data?.items ?? []).filter((person) => !chosen.some(({ id }) => id === person.id));
  return (
    <div className="flex flex-col gap-2">
      <ul aria-label={t("admin.people")} className="flex flex-col">
        {chosen.map((person) => (
          <li key={person.id} className="flex items-center justify-between gap-2 text-sm">
            <bdi className="truncate">{person.email}</bdi>
            <IconButton
              small
              icon={X}
              label={t("admin.people.remove", { email: person.email })}
              onClick={() => onChange(chosen.filter(({ id }) => id !== person.id))}
            />
          </li>
        ))}
      </ul>
      {chosen.length === 0 && <p className="text-sm text-muted">{t("admin.people.none")}</p>}
      <TextField
        type="search"
        label={t("admin.people.add")}
        value={words}
        maxLength={200}
        onChange={(event) => setWords(event.target.value)}
      />
      <ul>
        {found.map((person) => (
          <li key={person.id} className="flex items-center justify-between gap-2 text-sm">
            <bdi className="truncate">{person.email}</bdi>
            <IconButton
              small
              icon={Plus}
              label={t("admin.people.choose", { email: person.email })}
              onClick={() => {
                onChange([...chosen, { id: person.id, email: person.email }]);
                setWords("");
              }}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
