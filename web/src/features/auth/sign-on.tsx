"use client";

import useSWR from "swr";
import * as api from "@/lib/api";
import { fetched } from "@/lib/fetched";
import { type Key, useT, withSentences } from "@/lib/i18n";

const REFUSALS: Readonly<Record<string, Key>> = {
  account_disabled: "signOn.accountDisabled",
  domain_refused: "signOn.domainRefused",
  email_unverified: "signOn.emailUnverified",
  identity_taken: "signOn.identityTaken",
  sign_on_cancelled: "signOn.cancelled",
  sign_up_closed: "signOn.closed",
  wrong_invitation: "signOn.wrongInvitation",
  unavailable: "problem.unavailable",
};

const Passkey = fetched(() => withSentences("entry", import("./passkey")).then((module) => module.Passkey));

interface SignOnProps {
  readonly next: string;
  /** Signed in by a passkey; null where an account is made. */
  readonly onDone: ((user: api.User) => Promise<void>) | null;
}

/** The ways to sign in without a password, where there are any: a passkey, and the provider, with what came of it the last time. */
export function SignOn({ next, onDone }: SignOnProps) {
  const t = useT();
  const { data: joining } = useSWR("/api/auth/joining", api.joining, { revalidateOnFocus: false });
  const said = new URLSearchParams(location.search);
  const refused = said.get("refused");
  const passkey = onDone && joining?.passkeys && <Passkey challenge={null} host={joining.passkeys} onDone={onDone} />;
  if (!joining?.provider) return passkey || null;
  const query = new URLSearchParams({ next });
  const invitation = said.get("invitation");
  if (invitation) query.set("invitation", invitation);
  return (
    <>
      {passkey}
      <section aria-label={joining.provider} className="mt-6">
        <p aria-hidden className="flex items-center gap-3 text-sm text-muted">
          <span className="h-px grow bg-line" />
          {t("signOn.or")}
          <span className="h-px grow bg-line" />
        </p>
        <a
          href={`/api/auth/oidc/login?${query}`}
          className="mt-5 flex h-11 w-full items-center justify-center rounded-lg border border-line bg-raised px-4 font-medium hover:bg-hover"
        >
          <span className="truncate">{t("signOn.with", { name: joining.provider })}</span>
        </a>
        {refused && (
          <p role="alert" className="mt-4 rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
            {t(REFUSALS[refused] ?? "signOn.failed")}
          </p>
        )}
      </section>
    </>
  );
}
