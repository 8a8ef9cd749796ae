"use client";

import { type FormEvent, useState } from "react";
import * as admin from "@/lib/api/admin";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { FormEnd } from "@/ui/form-end";
import { Once } from "@/ui/once";

interface PasswordDialogProps {
  readonly person: admin.SeenUser;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Gives a person a new password, which is shown this once. */
export function PasswordDialog({ person, onDone, onClose }: PasswordDialogProps) {
  const t = useT();
  const [password, setPassword] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const reset = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      setPassword(await admin.resetPassword(person.id));
      onDone();
    } catch (error) {
      setFault(wordsFor(error, t));
    }
    setBusy(false);
  };
  return (
    <Dialog title={t("admin.password")} closeLabel={t("close")} onClose={onClose}>
      {password === null ? (
        <form onSubmit={(event) => void reset(event)} className="flex flex-col gap-5">
          <p>{t("admin.password.about", { email: person.email })}</p>
          <FormEnd fault={fault} label={t("admin.password.do")} busy={busy} onCancel={onClose} />
        </form>
      ) : (
        <Once label={t("admin.password.new")} text={password} about={t("admin.once")} onClose={onClose} />
      )}
    </Dialog>
  );
}
