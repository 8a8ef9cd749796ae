import { useT } from "@/lib/i18n";
import { Button } from "./button";
import { CopyButton } from "./copy-button";

interface OnceProps {
  readonly label: string;
  readonly text: string;
  readonly about: string;
  readonly onClose: () => void;
}

/** A secret that is shown this once, to be copied. */
export function Once({ label, text, about, onClose }: OnceProps) {
  const t = useT();
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm font-medium">{label}</p>
      <div className="flex items-center gap-2 rounded-lg border border-line bg-sunken ps-3 pe-1.5">
        <code dir="ltr" className="min-w-0 flex-1 py-2 break-all select-all">
          {text}
        </code>
        <CopyButton text={text} label={t("copy")} />
      </div>
      <p className="text-sm text-muted">{about}</p>
      <Button look="primary" className="self-end" onClick={onClose}>
        {t("close")}
      </Button>
    </div>
  );
}
