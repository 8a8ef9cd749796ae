"use client";

import { useMe } from "@/lib/data";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { MenuOf } from "@/ui/menu";
import type { UserMenuProps } from "./user-menu";

const UserMenu = fetched<UserMenuProps>(() => import("./user-menu").then((module) => module.UserMenu));

/** Who is signed in. */
export function UserButton({ onLeave }: { readonly onLeave: () => void }) {
  const t = useT();
  const { data: user } = useMe();
  const name = user?.name || user?.email || "";
  return (
    <MenuOf
      label={t("account.menu")}
      sheet={(open) => <UserMenu {...open} onLeave={onLeave} />}
      trigger={(props) => (
        <button
          type="button"
          {...props}
          className="flex w-full items-center gap-3 rounded-lg px-2 py-1.5 text-start text-sm hover:bg-hover"
        >
          <span
            aria-hidden
            className="flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft font-medium text-accent uppercase"
          >
            {[...name][0] ?? "·"}
          </span>
          <bdi className="truncate">{name}</bdi>
        </button>
      )}
    />
  );
}
