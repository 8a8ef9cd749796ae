"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useT } from "@/lib/i18n";
import { IconButton } from "./icon-button";

/** Copies a text and says that it did. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text).catch(() => copyByHand(text));
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

/** The clipboard's door is shut on plain http: copy by a selection. */
function copyByHand(text: string): void {
  const box = document.createElement("textarea");
  box.value = text;
  box.style.position = "fixed";
  box.style.opacity = "0";
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}
