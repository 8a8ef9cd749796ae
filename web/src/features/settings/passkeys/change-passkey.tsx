"use client";

import { type FormEvent, useState } from "react";
import { type Passkey, removePasskey, renamePasskey } from "@/lib/api/passkeys";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { toast } from "@/ui/toasts";
import { ProofForm } from "../two-step/proof-form";

interface ChangePasskeyProps {
  readonly passkey: Passkey;
  readonly onClose: () => void;
}

/** Gives a passkey another name. */
export function RenamePasskey({ passkey, onClose }: ChangePasskeyProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    setBusy(true);
    setError(null);
    await renamePasskey(passkey.id, name).then(onClose, setError);
    setBusy(false);
  };
  return (
    <Dialog title={t("passkeys.rename")} closeLabel={t("close")} onClose={onClose} typing>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <TextField
          label={t("passkeys.name")}
          name="name"
          required
          pattern=".*\S.*"
          maxLength={100}
          defaultValue={passkey.name}
        />
        <FormEnd
          fault={error !== null ? wordsFor(error, t) : null}
          label={t("passkeys.save")}
          busy={busy}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

/** Removes a passkey, for whoever knows the password. */
export function RemovePasskey({ passkey, onClose }: ChangePasskeyProps) {
  const t = useT();
  const remove = async (password: string) => {
    await removePasskey(passkey.id, password);
    toast(t("passkeys.removed"));
    onClose();
  };
  return (
    <Dialog title={t("passkeys.removeOne", { name: passkey.name })} closeLabel={t("close")} onClose={onClose}>
      <ProofForm
        about={t("passkeys.removeAbout", { name: passkey.name })}
        label={t("passkeys.remove")}
        onProof={remove}
        onCancel={onClose}
      />
    </Dialog>
  );
}
