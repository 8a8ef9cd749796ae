"use client";

import { type FormEvent, useState } from "react";
import { hasCode } from "@/lib/api";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";

interface ProofFormProps {
  readonly about: string;
  readonly label: string;
  readonly onProof: (password: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** Asks for the password once more. */
export function ProofForm({ about, label, onProof, onCancel }: ProofFormProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    setBusy(true);
    setError(null);
    await onProof(password).catch(setError);
    setBusy(false);
  };
  const wrong = hasCode(error, "wrong_password");
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      <p className="text-sm">{about}</p>
      <TextField
        label={t("auth.password")}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        maxLength={1000}
        error={wrong ? t("leave.wrong") : null}
      />
      <FormEnd
        fault={error !== null && !wrong ? wordsFor(error, t) : null}
        label={label}
        busy={busy}
        onCancel={onCancel}
      />
    </form>
  );
}
