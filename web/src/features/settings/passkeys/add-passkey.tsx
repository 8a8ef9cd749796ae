"use client";

import { type FormEvent, useState } from "react";
import { hasCode } from "@/lib/api";
import { addPasskey, optionsToAdd } from "@/lib/api/passkeys";
import { isCancelled, isThere, make } from "@/lib/browser/passkeys";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { toast } from "@/ui/toasts";
import { deviceOf } from "../account/device";
import { RecoveryCodes } from "../two-step/recovery-codes";

/** Adds a passkey: its name and the password, then the device's own dialog, then recovery codes where it is the first factor. */
export function AddPasskey({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const language = useLanguage();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const add = async (name: string, password: string) => {
    const credential = await make(await optionsToAdd(password));
    const added = await addPasskey(credential, name, language);
    toast(t("passkeys.added"));
    if (added.codes) setCodes(added.codes);
    else onClose();
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    await add(String(form.get("name")).trim(), String(form.get("password"))).catch(setError);
    setBusy(false);
  };
  const wrong = hasCode(error, "wrong_password");
  const fault =
    error === null || wrong || isCancelled(error) ? null : isThere(error) ? t("passkeys.there") : wordsFor(error, t);
  return (
    <Dialog title={t("passkeys.add")} closeLabel={t("close")} onClose={onClose}>
      {codes ? (
        <RecoveryCodes codes={codes} onClose={onClose} />
      ) : (
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
          <TextField
            label={t("passkeys.name")}
            name="name"
            required
            pattern=".*\S.*"
            maxLength={100}
            defaultValue={deviceOf(navigator.userAgent)}
          />
          <TextField
            label={t("auth.password")}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={1000}
            error={wrong ? t("leave.wrong") : null}
          />
          <FormEnd fault={fault} label={t("twoStep.next")} busy={busy} onCancel={onClose} />
        </form>
      )}
    </Dialog>
  );
}
