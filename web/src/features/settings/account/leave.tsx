"use client";

import { type FormEvent, useState } from "react";
import * as api from "@/lib/api";
import { deleteMe } from "@/lib/api/account";
import { useMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";

/** Delete the account: it takes the password, and can't be undone. */
export function Leave({ onLeave }: { readonly onLeave: () => void }) {
  const t = useT();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button look="danger" onClick={() => setAsked(true)}>
        {t("leave.open")}
      </Button>
      {asked && <Asked onClose={() => setAsked(false)} onLeave={onLeave} />}
    </>
  );
}

function Asked({ onClose, onLeave }: { readonly onClose: () => void; readonly onLeave: () => void }) {
  const t = useT();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [alone, setAlone] = useState(false);
  const { data: user } = useMe();
  const secret = user?.has_password ?? true;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const proof = String(new FormData(event.currentTarget).get("proof"));
      await deleteMe({ ...(secret ? { password: proof } : { email: proof }), last: alone });
      onLeave();
    } catch (refused) {
      if (api.hasCode(refused, "last_account")) setAlone(true);
      else setError(refused);
      setBusy(false);
    }
  };
  const wrong = api.hasCode(error, "wrong_password") || api.hasCode(error, "invalid");
  return (
    <Dialog title={t("leave.title")} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <p className="text-sm">{t("leave.what")}</p>
        <TextField
          label={t(secret ? "auth.password" : "auth.email")}
          name="proof"
          type={secret ? "password" : "email"}
          autoComplete={secret ? "current-password" : "off"}
          required
          maxLength={1000}
          error={wrong ? t(secret ? "leave.wrong" : "leave.wrongEmail") : null}
        />
        {alone && (
          <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
            {t("leave.alone")}
          </p>
        )}
        {error !== null && !wrong && (
          <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
            {api.hasCode(error, "last_administrator") ? t("leave.last") : wordsFor(error, t)}
          </p>
        )}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="danger" disabled={busy} aria-busy={busy}>
            {t(alone ? "leave.aloneForGood" : "leave.forGood")}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
