"use client";

import { useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api/two-step";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { Unread } from "@/ui/unread";
import { ProofForm } from "./proof-form";
import { RecoveryCodes } from "./recovery-codes";
import { SetUp } from "./set-up";

type Doing = "on" | "off" | "codes" | null;

interface TwoStepProps {
  readonly hasPassword: boolean;
  /** Called when a dialog that may have changed something has closed. */
  readonly onChanged?: () => void;
}

/** Whether signing in takes a code besides the password; turning that on and off. */
export function TwoStep({ hasPassword, onChanged }: TwoStepProps) {
  const t = useT();
  const language = useLanguage();
  const { data, error, mutate } = useSWR(api.SECOND_FACTOR, api.secondFactor);
  const [doing, setDoing] = useState<Doing>(null);
  const close = () => {
    setDoing(null);
    void mutate();
    onChanged?.();
  };
  if (!hasPassword) return <p className="text-sm text-muted">{t("twoStep.passwordFirst")}</p>;
  if (!data && error) return <Unread failure={error} onRetry={() => void mutate()} />;
  if (!data) return <Skeleton lines={2} label={t("loading")} />;
  return (
    <>
      {data.on && (
        <p className="mb-4 text-sm">
          {data.since && t("twoStep.since", { time: dateTime(data.since, language) })}{" "}
          {t("twoStep.left", { count: data.recovery_codes })}
        </p>
      )}
      <div className="flex flex-wrap gap-3">
        {data.on && <Button onClick={() => setDoing("codes")}>{t("twoStep.newCodes")}</Button>}
        {data.app ? (
          <Button onClick={() => setDoing("off")}>{t("twoStep.off")}</Button>
        ) : (
          <Button onClick={() => setDoing("on")}>{t("twoStep.on")}</Button>
        )}
      </div>
      {doing === "on" && <SetUp onClose={close} />}
      {doing === "off" && <SwitchOff onClose={close} />}
      {doing === "codes" && <NewCodes onClose={close} />}
    </>
  );
}

function SwitchOff({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const off = async (password: string) => {
    await api.switchOff(password);
    toast(t("twoStep.isOff"));
    onClose();
  };
  return (
    <Dialog title={t("twoStep.off")} closeLabel={t("close")} onClose={onClose}>
      <ProofForm about={t("twoStep.offAbout")} label={t("twoStep.off")} onProof={off} onCancel={onClose} />
    </Dialog>
  );
}

function NewCodes({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const renew = async (password: string) => setCodes(await api.renewCodes(password));
  return (
    <Dialog title={t("twoStep.newCodes")} closeLabel={t("close")} onClose={onClose}>
      {codes ? (
        <RecoveryCodes codes={codes} onClose={onClose} />
      ) : (
        <ProofForm
          about={t("twoStep.newCodesAbout")}
          label={t("twoStep.newCodes")}
          onProof={renew}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
}
