"use client";

import { useState } from "react";
import type { SeenUser } from "@/lib/api/admin";
import { listPath } from "@/lib/api/admin";
import { useT } from "@/lib/i18n";
import { usePages } from "@/lib/use-pages";
import { useSettled } from "@/lib/use-settled";
import { TextField } from "@/ui/field";
import { More, States } from "./states";
import { UserRow } from "./user-row";

/** Everybody who has an account. */
export function Users() {
  const t = useT();
  const [words, setWords] = useState("");
  const q = useSettled(words.trim(), 250);
  const pages = usePages<SeenUser>(listPath("users", { limit: "50", q }));
  return (
    <section aria-label={t("admin.users")}>
      <div className="mb-4 max-w-md">
        <TextField
          type="search"
          label={t("admin.users.search")}
          value={words}
          maxLength={200}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      <States items={pages.items} error={pages.error} empty={t("admin.users.none")} onRetry={pages.again}>
        {(people) => (
          <ul className="divide-y divide-line border-y border-line">
            {people.map((person) => (
              <UserRow key={person.id} person={person} onChange={pages.again} />
            ))}
          </ul>
        )}
      </States>
      {pages.hasMore && <More onMore={pages.more} busy={pages.fetching} />}
    </section>
  );
}
