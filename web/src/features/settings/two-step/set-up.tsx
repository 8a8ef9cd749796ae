"use client";

import { type FormEvent, useState } from "react";
import { hasCode } from "@/lib/api";
import * as api from "@/lib/api/two-step";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { ProofForm } from "./proof-form";
import { QrCode } from "./qr-code";
import { RecoveryCodes } from "./recovery-codes";

/** Turns two-step sign-in on: the password, the secret for the app, a code out of it, and the recovery codes. */
export function SetUp({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const [made, setMade] = useState<api.SetUp | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const begin = async (password: string) => setMade(await api.setUp(password));
  return (
    <Dialog title={t("twoStep.title")} closeLabel={t("close")} onClose={onClose}>
      {codes ? (
        <RecoveryCodes codes={codes} onClose={onClose} />
      ) : made ? (
        <Confirm made={made} onCodes={setCodes} onCancel={onClose} />
      ) : (
        <ProofForm about={t("twoStep.proof")} label={t("twoStep.next")} onProof={begin} onCancel={onClose} />
      )}
    </Dialog>
  );
}

interface ConfirmProps {
  readonly made: api.SetUp;
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onCancel: () => void;
}

function Confirm({ made, onCodes, onCancel }: ConfirmProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code"));
    setBusy(true);
    setError(null);
    await api.confirm(code).then(onCodes, setError);
    setBusy(false);
  };
  const wrong = hasCode(error, "wrong_code");
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      <p className="text-sm">{t("twoStep.scan")}</p>
      <QrCode rows={made.qr} label={t("twoStep.qr")} />
      <div>
        <p className="text-sm">{t("twoStep.byHand")}</p>
        <div className="mt-2 flex items-center gap-2 rounded-lg border border-line bg-sunken ps-3 pe-1.5">
          <code dir="ltr" aria-label={t("twoStep.secret")} className="min-w-0 flex-1 py-2 break-all select-all">
            {made.secret}
          </code>
          <CopyButton text={made.secret} label={t("copy")} />
        </div>
      </div>
      <TextField
        label={t("twoStep.code")}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        maxLength={100}
        error={wrong ? t("twoStep.wrongCode") : null}
      />
      <FormEnd
        fault={error !== null && !wrong ? wordsFor(error, t) : null}
        label={t("twoStep.on")}
        busy={busy}
        onCancel={onCancel}
      />
    </form>
  );
}
