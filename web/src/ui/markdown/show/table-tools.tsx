"use client";

import { Check, Sheet } from "lucide-react";
import { type MouseEvent, useState } from "react";
import { copyText } from "@/lib/browser/clipboard";
import { csv } from "@/lib/csv";
import { useT } from "@/lib/i18n";

/** What can be done with the table that this stands beside. */
export function TableTools() {
  const t = useT();
  const [copied, setCopied] = useState(false);
  const copy = async ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
    const rows = [...(currentTarget.closest(".table")?.querySelectorAll("tr") ?? [])];
    await copyText(csv(rows.map((row) => [...row.cells].map((cell) => cell.textContent))));
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };
  const Icon = copied ? Check : Sheet;
  return (
    <div className="tools">
      <button type="button" onClick={(event) => void copy(event)}>
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
        {t(copied ? "copy.done" : "table.copy")}
      </button>
    </div>
  );
}
