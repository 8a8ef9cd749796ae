"use client";

import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "../dialog";
import { FormEnd } from "../form-end";
import { toast } from "../toasts";

export interface RemoveDialogProps {
  readonly name: string;
  /** What goes with it. */
  readonly about: string;
  /** What the button says. */
  readonly label: string;
  readonly onRemove: () => Promise<unknown>;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

/** Asks before something goes with its versions. */
export function RemoveDialog({ name, about, label, onRemove, onRemoved, onClose }: RemoveDialogProps) {
  const t = useT();
  const remove = async () => {
    try {
      await onRemove();
      toast(t("library.deleted", { name }));
      onRemoved();
      onClose();
    } catch (fault) {
      toast(wordsFor(fault, t), { tone: "danger" });
    }
  };
  return (
    <Dialog title={t("library.delete", { name })} closeLabel={t("close")} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <p className="text-sm">{about}</p>
        <FormEnd label={label} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
