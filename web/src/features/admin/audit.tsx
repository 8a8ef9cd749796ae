"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { download } from "@/lib/api";
import { type AuditEvent, listPath } from "@/lib/api/admin";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";
import { Listing } from "./listing";
import { SearchBox, useSearch } from "./search";

/** How the names of events begin. */
const KINDS = [
  "login",
  "account",
  "session",
  "password",
  "second_factor",
  "email",
  "key",
  "invitation",
  "user",
  "group",
  "model",
  "audit",
] as const;

/** What has happened: who, what, when, from where. */
export function Audit() {
  const t = useT();
  const [event, setEvent] = useState("");
  const search = useSearch();
  const { q } = search;
  const save = async () => {
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await download(listPath("audit/export", { event, q })));
      link.download = "audit.ndjson";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (error) {
      toast(wordsFor(error, t), { tone: "danger" });
    }
  };
  return (
    <section aria-label={t("admin.audit")}>
      <div className="mb-4 grid items-end gap-3 sm:grid-cols-[1fr_14rem_auto]">
        <SearchBox label={t("admin.audit.search")} search={search} />
        <Select label={t("admin.audit.kind")} value={event} onChange={setEvent}>
          <option value="">{t("admin.audit.all")}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`admin.event.${kind}`)}
            </option>
          ))}
        </Select>
        <Button className="h-11" onClick={() => void save()}>
          <Download aria-hidden className="size-4" />
          {t("admin.audit.export")}
        </Button>
      </div>
      <Listing<AuditEvent>
        as="ol"
        path={listPath("audit", { limit: "50", event, q })}
        empty={t("admin.audit.none")}
        row={(each) => <Row key={each.id} event={each} />}
      />
    </section>
  );
}

function Row({ event }: { readonly event: AuditEvent }) {
  const t = useT();
  const language = useLanguage();
  const details = Object.entries(event.details).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const about = event.whom ?? (event.subject === event.actor ? "" : event.subject);
  return (
    <li className="grid gap-x-6 gap-y-0.5 py-2.5 text-sm sm:grid-cols-[11rem_minmax(0,1fr)]">
      <time dateTime={event.at} className="text-muted tabular-nums">
        {dateTime(event.at, language)}
      </time>
      <div className="min-w-0">
        <p className="flex flex-wrap gap-x-2">
          <code dir="ltr" className="font-medium">
            {event.event}
          </code>
          <bdi className="truncate">
            {event.actor ?? (event.actor_id ? t("admin.audit.gone") : t("admin.audit.nobody"))}
          </bdi>
        </p>
        <p dir="ltr" className="text-start break-words text-muted">
          {[about, event.address, ...details].filter(Boolean).join(" · ")}
        </p>
      </div>
    </li>
  );
}
