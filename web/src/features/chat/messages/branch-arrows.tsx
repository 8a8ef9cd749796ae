import { ChevronLeft, ChevronRight, GitBranch } from "lucide-react";
import { useState } from "react";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { IconButton } from "@/ui/icon-button";
import { showBranch } from "../thread/actions";
import type { BranchMapProps } from "./map/branch-map";

const BranchMap = fetched<BranchMapProps>(() => import("./map/branch-map").then((module) => module.BranchMap));

export interface BranchArrowsProps {
  readonly conversationId: string;
  /** The ids of the versions, oldest first. */
  readonly versions: readonly string[];
  readonly shown: string;
}

/** ‹ 2/3 ›: go between the versions of a message, or open the map of all branches. */
export function BranchArrows({ conversationId, versions, shown }: BranchArrowsProps) {
  const t = useT();
  const [map, setMap] = useState(false);
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
      <IconButton small icon={GitBranch} label={t("branch.map")} onClick={() => setMap(true)} />
      {map && <BranchMap id={conversationId} onClose={() => setMap(false)} />}
    </span>
  );
}
