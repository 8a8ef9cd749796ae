"use client";

import type { SeenUser } from "@/lib/api/admin";
import { listPath } from "@/lib/api/admin";
import { useT } from "@/lib/i18n";
import { Listing } from "./listing";
import { SearchBox, useSearch } from "./search";
import { UserRow } from "./user-row";

/** Everybody who has an account. */
export function Users() {
  const t = useT();
  const search = useSearch();
  return (
    <section aria-label={t("admin.users")}>
      <div className="mb-4 max-w-md">
        <SearchBox label={t("admin.users.search")} search={search} />
      </div>
      <Listing<SeenUser>
        path={listPath("users", { limit: "50", q: search.q })}
        empty={t("admin.users.none")}
        row={(person, again) => <UserRow key={person.id} person={person} onChange={again} />}
      />
    </section>
  );
}
