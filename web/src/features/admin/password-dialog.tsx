"use client";

import { useState } from "react";
import * as admin from "@/lib/api/admin";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Once } from "./once";

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
  const reset = async () => {
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
        <div className="flex flex-col gap-5">
          <p>{t("admin.password.about", { email: person.email })}</p>
          {fault && (
            <p role="alert" className="text-danger">
              {fault}
            </p>
          )}
          <div className="flex justify-end gap-3">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button look="primary" disabled={busy} onClick={() => void reset()}>
              {t("admin.password.do")}
            </Button>
          </div>
        </div>
      ) : (
        <Once label={t("admin.password.new")} text={password} about={t("admin.once")} onClose={onClose} />
      )}
    </Dialog>
  );
}
