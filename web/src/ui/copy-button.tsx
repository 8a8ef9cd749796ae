"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { copyText } from "@/lib/browser/clipboard";
import { useT } from "@/lib/i18n";
import { IconButton } from "./icon-button";

/** Copies a text and says that it did. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };
  return (
    <IconButton
      small
      icon={copied ? Check : Copy}
      label={copied ? t("copy.done") : (label ?? t("copy"))}
      onClick={() => void copy()}
    />
  );
}
