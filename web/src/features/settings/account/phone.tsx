"use client";

import { useState } from "react";
import useSWR from "swr";
import * as account from "@/lib/api/account";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { QrCode } from "../two-step/qr-code";

/** The page's address for one's phone, as a QR code; nothing where nobody has said how other devices reach it. */
export function Phone() {
  const t = useT();
  const { data } = useSWR(account.ADDRESS, account.address);
  const [open, setOpen] = useState(false);
  if (!data?.address) return null;
  return (
    <div className="mt-4">
      <Button aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("phone.open")}
      </Button>
      {open && (
        <div className="mt-4 flex flex-col items-start gap-3">
          <p className="text-sm text-muted">{t("phone.about")}</p>
          <QrCode rows={data.qr} label={t("phone.code")} />
          <p className="flex flex-wrap items-center gap-2 break-all">
            <bdi>{data.address}</bdi>
            <CopyButton text={data.address} />
          </p>
        </div>
      )}
    </div>
  );
}
