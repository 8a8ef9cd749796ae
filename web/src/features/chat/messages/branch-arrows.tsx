import { ChevronLeft, ChevronRight } from "lucide-react";
import { useT } from "@/lib/i18n";
import { IconButton } from "@/ui/icon-button";
import { showBranch } from "../thread/actions";

export interface BranchArrowsProps {
  readonly conversationId: string;
  /** The ids of the versions, oldest first. */
  readonly versions: readonly string[];
  readonly shown: string;
}

/** ‹ 2/3 ›: go between the versions of a message. */
export function BranchArrows({ conversationId, versions, shown }: BranchArrowsProps) {
  const t = useT();
  const at = versions.indexOf(shown);
  if (versions.length < 2) return null;
  const step = (to: number) => {
    const id = versions[to];
    if (id !== undefined) showBranch(conversationId, id);
  };
  return (
    <span
      className="inline-flex items-center text-sm text-muted tabular-nums"
      role="group"
      aria-label={t("branch.label")}
    >
      <IconButton
        small
        icon={ChevronLeft}
        label={t("branch.before")}
        disabled={at <= 0}
        onClick={() => step(at - 1)}
        className="rtl:-scale-x-100"
      />
      <span aria-live="polite">
        {at + 1}/{versions.length}
      </span>
      <IconButton
        small
        icon={ChevronRight}
        label={t("branch.next")}
        disabled={at >= versions.length - 1}
        onClick={() => step(at + 1)}
        className="rtl:-scale-x-100"
      />
    </span>
  );
}
