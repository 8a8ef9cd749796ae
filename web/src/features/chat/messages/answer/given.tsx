"use client";

import { FileSearch, FileText } from "lucide-react";
import type { Timings } from "@/lib/api";
import { type Key, useLanguage, useT } from "@/lib/i18n";

export interface GivenProps {
  readonly timings: Timings;
}

/** Under an answer: which attached files its model was given in whole, and of which the passages that fit. */
export function Given({ timings: { whole, searched } }: GivenProps) {
  return (
    <div data-testid="given" className="mt-3 flex flex-col gap-1 text-sm text-muted">
      {whole && <Way icon={FileText} says="knowledge.whole" names={whole} />}
      {searched && <Way icon={FileSearch} says="knowledge.searched" names={searched} />}
    </div>
  );
}

interface WayProps {
  readonly icon: typeof FileText;
  readonly says: Key;
  readonly names: readonly string[];
}

function Way({ icon: Icon, says, names }: WayProps) {
  const t = useT();
  const list = new Intl.ListFormat(useLanguage(), { type: "unit" }).format(names.map((name) => `\u2068${name}\u2069`));
  return (
    <p className="flex items-start gap-2">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 wrap-anywhere">{t(says, { names: list })}</span>
    </p>
  );
}
