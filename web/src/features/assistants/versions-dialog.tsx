"use client";

import useSWR from "swr";
import * as api from "@/lib/api/assistants";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";

export interface VersionsDialogProps {
  readonly assistant: api.Assistant;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** What an assistant said before, with a way back. */
export function VersionsDialog({ assistant, onChange, onClose }: VersionsDialogProps) {
  const t = useT();
  const language = useLanguage();
  const { data, error, mutate } = useSWR(api.versionsPath(assistant.id), api.versions);
  const back = async (number: number) => {
    try {
      await api.goBack(assistant.id, number);
      await mutate();
      onChange();
      toast(t("assistants.wentBack", { number }));
    } catch (fault) {
      toast(wordsFor(fault, t), { tone: "danger" });
    }
  };
  return (
    <Dialog title={t("assistants.versions", { name: assistant.name })} closeLabel={t("close")} onClose={onClose}>
      {error && !data && <p className="text-danger">{wordsFor(error, t)}</p>}
      {!data && !error && <Skeleton lines={4} label={t("loading")} />}
      <ol className="divide-y divide-line text-sm">
        {data?.map((version, index) => (
          <li key={version.number} className="flex items-start gap-3 py-3">
            <div className="min-w-0 flex-1">
              <p className="font-medium">
                {t("assistants.version", { number: version.number })} · {dateTime(version.at, language)}
              </p>
              {version.note && <bdi className="block wrap-anywhere">{version.note}</bdi>}
              <p dir="auto" className="line-clamp-3 text-muted wrap-anywhere">
                {version.instructions}
              </p>
            </div>
            {index > 0 && (
              <Button
                small
                aria-label={t("assistants.backTo", { number: version.number })}
                onClick={() => void back(version.number)}
              >
                {t("assistants.restore")}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
