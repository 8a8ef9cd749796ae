"use client";

import { Download, History, Pencil, Trash2, Upload } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api/prompts";
import { saveText } from "@/lib/browser/save";
import { useTitle } from "@/lib/hooks/use-title";
import { useT } from "@/lib/i18n";
import { promptsOf } from "@/lib/prompts/from-file";
import { wordsFor } from "@/lib/words";
import { IconButton } from "@/ui/icon-button";
import { LibraryPage, type Open } from "@/ui/library/library-page";
import { RemoveDialog } from "@/ui/library/remove-dialog";
import { VersionsDialog } from "@/ui/library/versions-dialog";
import { toast } from "@/ui/toasts";
import { PromptDialog } from "./prompt-dialog";

/** The prompt library: a person's own to change, and those they were given. */
export function PromptsScreen() {
  const t = useT();
  const { data, error, mutate } = useSWR(api.PROMPTS, api.prompts);
  const [open, setOpen] = useState<Open>(null);
  useTitle(t("prompts.title"));
  const again = () => void mutate();
  const chosen = data?.find(({ id }) => id === open?.id) ?? null;
  const close = () => setOpen(null);
  const take = useTake(again);
  const save = () => {
    const own = (data ?? []).filter(({ mine }) => mine).map(({ handle, name, text }) => ({ handle, name, text }));
    saveText(JSON.stringify({ prompts: own }, null, 2), "prompts.json", "application/json");
  };
  return (
    <>
      <LibraryPage
        title={t("prompts.title")}
        about={t("prompts.about")}
        empty={t("prompts.none")}
        items={data}
        error={error}
        onRetry={again}
        newLabel={t("prompts.new")}
        onNew={() => setOpen({ what: "edit", id: "" })}
        fileId="prompts-file"
        onFile={take}
        buttons={(choose) => (
          <>
            <IconButton icon={Upload} label={t("prompts.import")} onClick={choose} />
            <IconButton icon={Download} label={t("prompts.export")} onClick={save} />
          </>
        )}
        row={(each) => <Row key={each.id} prompt={each} onOpen={(what) => setOpen({ what, id: each.id })} />}
      />
      {open?.what === "edit" && <PromptDialog prompt={chosen} onSaved={again} onClose={close} />}
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
          about={t("prompts.deleteAbout")}
          label={t("prompts.deleteDo")}
          onRemove={() => api.deletePrompt(chosen.id)}
          onRemoved={again}
          onClose={close}
        />
      )}
    </>
  );
}

/** Takes the prompts of a file, and says how many. */
function useTake(onTaken: () => void) {
  const t = useT();
  return async (given: File | undefined) => {
    if (!given) return;
    try {
      const found = promptsOf(JSON.parse(await given.text()));
      if (found === null) return toast(t("prompts.noFile"), { tone: "danger" });
      for (const one of found) await api.takePrompt(one);
      toast(t("prompts.taken", { count: found.length }));
    } catch (fault) {
      toast(fault instanceof SyntaxError ? t("prompts.noFile") : wordsFor(fault, t), { tone: "danger" });
    }
    onTaken();
  };
}

interface RowProps {
  readonly prompt: api.Prompt;
  readonly onOpen: (what: "edit" | "versions" | "remove") => void;
}

function Row({ prompt, onOpen }: RowProps) {
  const t = useT();
  const { handle, name, text, mine, audience } = prompt;
  const about = [`/${handle}`, mine && audience !== "owner" && t(`groups.audience.${audience}`), text];
  return (
    <li className="flex flex-wrap items-center gap-x-1 gap-y-2 py-3">
      <div className="min-w-40 flex-1">
        <bdi className="block truncate font-medium">{name}</bdi>
        <p dir="auto" className="line-clamp-2 text-sm text-muted">
          {about.filter(Boolean).join(" · ")}
        </p>
      </div>
      {mine && (
        <div className="flex">
          <IconButton icon={Pencil} label={t("library.edit", { name })} onClick={() => onOpen("edit")} />
          <IconButton icon={History} label={t("library.versions", { name })} onClick={() => onOpen("versions")} />
          <IconButton icon={Trash2} label={t("library.delete", { name })} onClick={() => onOpen("remove")} />
        </div>
      )}
    </li>
  );
}
