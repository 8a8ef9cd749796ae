"use client";

import { Download, History, MessageSquarePlus, Pencil, Trash2, Upload } from "lucide-react";
import { useState } from "react";
import useSWR, { mutate as mutateAll } from "swr";
import * as api from "@/lib/api/assistants";
import { saveText } from "@/lib/browser/save";
import { useTitle } from "@/lib/hooks/use-title";
import { useT } from "@/lib/i18n";
import { chooseForNewChat } from "@/lib/new-chat";
import { go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { LibraryPage, type Open } from "@/ui/library/library-page";
import { RemoveDialog } from "@/ui/library/remove-dialog";
import { VersionsDialog } from "@/ui/library/versions-dialog";
import { toast } from "@/ui/toasts";
import { AssistantDialog } from "./assistant-dialog";

/** The assistants a person may ask: their own to change, and those they were given. */
export function AssistantsScreen() {
  const t = useT();
  const { data, error, mutate } = useSWR(api.ASSISTANTS, api.assistants);
  const [open, setOpen] = useState<Open>(null);
  useTitle(t("assistants.title"));
  const again = () => {
    void mutate();
    void mutateAll("/api/models");
  };
  const chosen = data?.find(({ id }) => id === open?.id) ?? null;
  const close = () => setOpen(null);
  const take = async (given: File | undefined) => {
    if (!given) return;
    try {
      const { name } = await api.takeFile(JSON.parse(await given.text()));
      toast(t("assistants.taken", { name }));
      again();
    } catch (fault) {
      toast(fault instanceof SyntaxError ? t("assistants.noFile") : wordsFor(fault, t), { tone: "danger" });
    }
  };
  return (
    <>
      <LibraryPage
        title={t("assistants.title")}
        about={t("assistants.about")}
        empty={t("assistants.none")}
        items={data}
        error={error}
        onRetry={again}
        newLabel={t("assistants.new")}
        onNew={() => setOpen({ what: "edit", id: "" })}
        fileId="assistant-file"
        onFile={take}
        buttons={(choose) => (
          <Button onClick={choose}>
            <Upload aria-hidden className="size-4" />
            {t("assistants.import")}
          </Button>
        )}
        row={(each) => <Row key={each.id} assistant={each} onOpen={(what) => setOpen({ what, id: each.id })} />}
      />
      {open?.what === "edit" && <AssistantDialog assistant={chosen} onSaved={again} onClose={close} />}
      {open?.what === "versions" && chosen && (
        <VersionsDialog
          name={chosen.name}
          path={api.versionsPath(chosen.id)}
          read={api.versions}
          onBack={(number) => api.goBack(chosen.id, number)}
          onChange={again}
          onClose={close}
        />
      )}
      {open?.what === "remove" && chosen && (
        <RemoveDialog
          name={chosen.name}
          about={t("assistants.deleteAbout")}
          label={t("assistants.deleteDo")}
          onRemove={() => api.deleteAssistant(chosen.id)}
          onRemoved={again}
          onClose={close}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly assistant: api.Assistant;
  readonly onOpen: (what: "edit" | "versions" | "remove") => void;
}

function Row({ assistant, onOpen }: RowProps) {
  const t = useT();
  const { id, handle, name, emoji, description, mine, audience } = assistant;
  const begin = () => {
    go("/");
    chooseForNewChat({ model: `@${handle}` });
  };
  const save = () =>
    api.exported(id).then(
      (file) => saveText(JSON.stringify(file, null, 2), `${handle}.assistant.json`, "application/json"),
      (fault) => toast(wordsFor(fault, t), { tone: "danger" }),
    );
  const about = [`@${handle}`, mine && audience !== "owner" && t(`groups.audience.${audience}`), description];
  return (
    <li className="flex flex-wrap items-center gap-x-1 gap-y-2 py-3">
      <span aria-hidden className="w-10 shrink-0 text-center text-2xl">
        {emoji || "💬"}
      </span>
      <div className="min-w-40 flex-1">
        <bdi className="block truncate font-medium">{name}</bdi>
        <p dir="auto" className="line-clamp-2 text-sm text-muted">
          {about.filter(Boolean).join(" · ")}
        </p>
      </div>
      <div className="flex">
        <IconButton icon={MessageSquarePlus} label={t("assistants.ask", { name })} onClick={begin} />
        {mine && <IconButton icon={Pencil} label={t("library.edit", { name })} onClick={() => onOpen("edit")} />}
        {mine && (
          <IconButton icon={History} label={t("library.versions", { name })} onClick={() => onOpen("versions")} />
        )}
        <IconButton icon={Download} label={t("assistants.export", { name })} onClick={() => void save()} />
        {mine && <IconButton icon={Trash2} label={t("library.delete", { name })} onClick={() => onOpen("remove")} />}
      </div>
    </li>
  );
}
