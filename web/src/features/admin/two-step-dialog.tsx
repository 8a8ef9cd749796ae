"use client";

import { type FormEvent, useState } from "react";
import * as admin from "@/lib/api/admin";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { FormEnd } from "@/ui/form-end";
import { toast } from "@/ui/toasts";

interface TwoStepDialogProps {
  readonly person: admin.SeenUser;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Lets somebody in by their password alone, who has lost their app and their recovery codes. */
export function TwoStepDialog({ person, onDone, onClose }: TwoStepDialogProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const reset = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await admin.resetTwoStep(person.id);
      toast(t("admin.twoStep.done", { email: person.email }));
      onDone();
      onClose();
    } catch (error) {
      setFault(wordsFor(error, t));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("admin.twoStep")} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={(event) => void reset(event)} className="flex flex-col gap-5">
        <p>{t("admin.twoStep.about", { email: person.email })}</p>
        <FormEnd fault={fault} label={t("admin.twoStep")} busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
