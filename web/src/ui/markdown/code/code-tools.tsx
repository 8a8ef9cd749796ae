"use client";

import { Download, WrapText } from "lucide-react";
import { saveText } from "@/lib/browser/save";
import { useT } from "@/lib/i18n";
import { IconButton } from "../../icon-button";
import { fileNameOf } from "./file-name";

export interface CodeToolsProps {
  readonly code: string;
  readonly name: string;
  readonly wrapped: boolean;
  readonly onWrap: () => void;
}

/** What can be done with a piece of code besides copying it. */
export function CodeTools({ code, name, wrapped, onWrap }: CodeToolsProps) {
  const t = useT();
  return (
    <>
      <IconButton small icon={WrapText} label={t("code.wrap")} aria-pressed={wrapped} onClick={onWrap} />
      <IconButton
        small
        icon={Download}
        label={t("code.download")}
        onClick={() => saveText(code, fileNameOf(name), "text/plain")}
      />
    </>
  );
}
