"use client";

import * as api from "@/lib/api/assistants";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { FormEnd } from "@/ui/form-end";
import { toast } from "@/ui/toasts";

export interface RemoveDialogProps {
  readonly assistant: api.Assistant;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

/** Asks before an assistant goes with its versions. */
export function RemoveDialog({ assistant, onRemoved, onClose }: RemoveDialogProps) {
  const t = useT();
  const { id, name } = assistant;
  const remove = async () => {
    try {
      await api.deleteAssistant(id);
      toast(t("assistants.deleted", { name }));
      onRemoved();
      onClose();
    } catch (fault) {
      toast(wordsFor(fault, t), { tone: "danger" });
    }
  };
  return (
    <Dialog title={t("assistants.delete", { name })} closeLabel={t("close")} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <p className="text-sm">{t("assistants.deleteAbout")}</p>
        <FormEnd label={t("assistants.deleteDo")} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
