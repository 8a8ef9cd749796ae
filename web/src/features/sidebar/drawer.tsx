"use client";

import type { ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { setDrawer } from "@/lib/panels";
import { Dialog } from "@/ui/dialog";

export interface DrawerProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** The sidebar over the page, on a phone. */
export function Drawer({ label, children }: DrawerProps) {
  const t = useT();
  return (
    <Dialog title={label} closeLabel={t("close")} shape="drawer" onClose={() => setDrawer(false)}>
      <nav aria-label={label} className="flex h-full flex-col">
        {children}
      </nav>
    </Dialog>
  );
}
