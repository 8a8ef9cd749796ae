"use client";

import { type FormEvent, useState } from "react";
import * as api from "@/lib/api";
import { setMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { toast } from "@/ui/toasts";

/** Choose another password; the person's other sessions end with it. Who signs in by a provider alone has none to name. */
export function PasswordForm({ first }: { readonly first: boolean }) {
  const t = useT();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    setBusy(true);
    setError(null);
    try {
      const current = first ? {} : { current_password: String(data.get("current")) };
      await setMe(await api.changeMe({ ...current, new_password: String(data.get("new")) }));
      form.reset();
      toast(t("password.changed"));
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {first && <p className="text-sm text-muted">{t("signOn.passwordFirst")}</p>}
      <div className="grid gap-4 sm:grid-cols-2">
        {!first && (
          <TextField
            label={t("password.current")}
            name="current"
            type="password"
            autoComplete="current-password"
            required
            maxLength={1000}
          />
        )}
        <TextField
          label={t("password.new")}
          name="new"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          maxLength={1000}
          hint={t("auth.passwordHint")}
        />
      </div>
      {error !== null && (
        <p role="alert" className="text-sm text-danger">
          {wordsFor(error, t)}
        </p>
      )}
      <Button type="submit" className="self-start" disabled={busy}>
        {t("password.change")}
      </Button>
    </form>
  );
}
