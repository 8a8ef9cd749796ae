"use client";

import { useState } from "react";
import * as api from "@/lib/api";
import { setMe } from "@/lib/data";
import { dateTime } from "@/lib/format";
import { useTitle } from "@/lib/hooks/use-title";
import { useLanguage, useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { Passkeys } from "../passkeys/passkeys";
import { Section } from "../section";
import { TwoStep } from "./two-step";

export interface MustSetUpProps {
  /** From then on there is no way round it. */
  readonly due: string;
  readonly onLater: () => void;
  readonly onLeave: () => void;
}

/** Leads somebody to two-step sign-in who must have it. */
export function MustSetUp({ due, onLater, onLeave }: MustSetUpProps) {
  const t = useT();
  const language = useLanguage();
  const [isLate] = useState(() => Date.parse(due) <= Date.now());
  useTitle(t("mustSetUp.title"));
  // Asked once a dialog is closed, and not before: it may show recovery codes.
  const look = () => void api.me().then(setMe, () => undefined);
  const leave = () =>
    void api
      .logOut()
      .catch(() => undefined)
      .then(onLeave);
  return (
    <main className="h-dvh overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-4 py-10">
        <h1 className="font-serif text-3xl">{t("mustSetUp.title")}</h1>
        <p className="mt-2 mb-8 text-muted">
          {isLate ? t("mustSetUp.now") : t("mustSetUp.until", { time: dateTime(due, language) })}
        </p>
        <Section title={t("twoStep.title")} about={t("twoStep.about")}>
          <TwoStep hasPassword onChanged={look} />
        </Section>
        <Section title={t("passkeys.title")} about={t("passkeys.about")}>
          <Passkeys onChanged={look} />
        </Section>
        <div className="flex flex-wrap gap-3 border-t border-line py-8">
          {!isLate && (
            <Button look="primary" onClick={onLater}>
              {t("mustSetUp.later")}
            </Button>
          )}
          <Button onClick={leave}>{t("auth.logOut")}</Button>
        </div>
      </div>
    </main>
  );
}
