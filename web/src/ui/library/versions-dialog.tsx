"use client";

import useSWR from "swr";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "../button";
import { Dialog } from "../dialog";
import { Skeleton } from "../skeleton";
import { toast } from "../toasts";

export interface Version {
  readonly number: number;
  readonly note: string;
  readonly at: string;
  readonly text: string;
}

export interface VersionsDialogProps {
  readonly name: string;
  readonly path: string;
  readonly read: (path: string) => Promise<readonly Version[]>;
  readonly onBack: (number: number) => Promise<unknown>;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** What something said before, with a way back. */
export function VersionsDialog({ name, path, read, onBack, onChange, onClose }: VersionsDialogProps) {
  const t = useT();
  const language = useLanguage();
  const { data, error, mutate } = useSWR(path, read);
  const back = async (number: number) => {
    try {
      await onBack(number);
      await mutate();
      onChange();
      toast(t("library.wentBack", { number }));
    } catch (fault) {
      toast(wordsFor(fault, t), { tone: "danger" });
    }
  };
  return (
    <Dialog title={t("library.versions", { name })} closeLabel={t("close")} onClose={onClose}>
      {error && !data && <p className="text-danger">{wordsFor(error, t)}</p>}
      {!data && !error && <Skeleton lines={4} label={t("loading")} />}
      <ol className="divide-y divide-line text-sm">
        {data?.map(({ number, at, note, text }, index) => (
          <li key={number} className="flex items-start gap-3 py-3">
            <div className="min-w-0 flex-1">
              <p className="font-medium">
                {t("library.version", { number })} · {dateTime(at, language)}
              </p>
              {note && <bdi className="block wrap-anywhere">{note}</bdi>}
              <p dir="auto" className="line-clamp-3 text-muted wrap-anywhere">
                {text}
              </p>
            </div>
            {index > 0 && (
              <Button small aria-label={t("library.backTo", { number })} onClick={() => void back(number)}>
                {t("library.restore")}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
