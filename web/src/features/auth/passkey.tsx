"use client";

import { Fingerprint } from "lucide-react";
import { hasCode, type User } from "@/lib/api";
import { hasPasskeys } from "@/lib/browser/passkeys";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { usePasskey } from "./use-passkey";

export interface PasskeyProps {
  /** That of the first step, where this is the second. */
  readonly challenge: string | null;
  /** The domain whose pages have passkeys. */
  readonly host: string;
  readonly onDone: (user: User) => Promise<void>;
}

/** Signs in by a passkey, or takes the second step with one; nothing where the browser has none for this place. */
export function Passkey({ host, ...props }: PasskeyProps) {
  return hasPasskeys(host) ? <UsePasskey {...props} /> : null;
}

function UsePasskey({ challenge, onDone }: Omit<PasskeyProps, "host">) {
  const t = useT();
  const { busy, error, use } = usePasskey(challenge, onDone);
  return (
    <div className="mt-4 flex flex-col gap-4">
      <Button look={challenge ? "primary" : "plain"} className="h-11" disabled={busy} aria-busy={busy} onClick={use}>
        <Fingerprint aria-hidden className="size-5" strokeWidth={1.75} />
        {t("entry.usePasskey")}
      </Button>
      {error !== null && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
          {hasCode(error, "passkey_refused")
            ? t("entry.passkeyRefused")
            : hasCode(error, "sign_in_expired")
              ? t("entry.expired")
              : wordsFor(error, t)}
        </p>
      )}
    </div>
  );
}
