"use client";

import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";

/** The recovery codes, shown this once. */
export function RecoveryCodes({ codes, onClose }: { readonly codes: readonly string[]; readonly onClose: () => void }) {
  const t = useT();
  return (
    <div className="flex flex-col gap-5">
      <p className="text-sm">{t("twoStep.keep")}</p>
      <div className="flex items-start gap-2 rounded-lg border border-line bg-sunken ps-4 pe-1.5">
        <ul aria-label={t("twoStep.codes")} dir="ltr" className="grid flex-1 gap-x-6 gap-y-1 py-3 sm:grid-cols-2">
          {codes.map((code) => (
            <li key={code}>
              <code className="text-sm whitespace-nowrap">{code}</code>
            </li>
          ))}
        </ul>
        <CopyButton text={codes.join("\n")} label={t("copy")} />
      </div>
      <Button look="primary" className="self-end" onClick={onClose}>
        {t("twoStep.kept")}
      </Button>
    </div>
  );
}
