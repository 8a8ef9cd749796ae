"use client";

import { useState } from "react";
import useSWR from "swr";
import { ProblemError } from "@/lib/api";
import { attachResource, RESOURCES, resources } from "@/lib/api/files";
import { objection, putBack, useFileLimits, useTray } from "@/lib/files";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { wordsForFile } from "@/ui/files/words";
import { Skeleton } from "@/ui/skeleton";
import { matching } from "./matching";
import { ServerResources } from "./server-resources";

export interface ResourcesDialogProps {
  readonly chat: string;
  readonly onClose: () => void;
}

/** What tool servers have to attach, to be searched and chosen: it becomes a file beside the draft. */
export function ResourcesDialog({ chat, onClose }: ResourcesDialogProps) {
  const t = useT();
  const language = useLanguage();
  const { data, error } = useSWR(RESOURCES, resources, { revalidateOnFocus: false });
  const limits = useFileLimits();
  const before = useTray(chat).length;
  const [query, setQuery] = useState("");
  const [busy, setBusy] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const attach = async (server: string, uri: string) => {
    setBusy(`${server} ${uri}`);
    setFault(null);
    try {
      if (objection({ size: 1 }, before, limits)) throw new ProblemError("file.tooMany", 0, "");
      const { id, name, media_type, bytes, kind } = await attachResource(server, uri);
      putBack(chat, [{ id, name, media_type, bytes, kind }]);
      onClose();
    } catch (failure) {
      setFault(wordsForFile(failure, limits, t, language));
      setBusy(null);
    }
  };
  const found = matching(data ?? [], query);
  return (
    <Dialog title={t("resources.title")} closeLabel={t("close")} onClose={onClose} typing>
      <div className="flex flex-col gap-4">
        <p className="text-sm text-muted">{t("resources.about")}</p>
        <TextField
          label={t("resources.search")}
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        {fault !== null && (
          <p role="alert" className="text-danger">
            {fault}
          </p>
        )}
        {error && !data && (
          <p role="alert" className="text-danger">
            {wordsFor(error, t)}
          </p>
        )}
        {!data && !error && <Skeleton lines={4} label={t("loading")} />}
        {found.map((server) => (
          <ServerResources key={server.name} server={server} busy={busy} onAttach={attach} />
        ))}
        {data && found.length === 0 && <p className="text-muted">{t("resources.none")}</p>}
      </div>
    </Dialog>
  );
}
