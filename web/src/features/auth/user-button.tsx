"use client";

import { CircleHelp, LogOut, Moon, Settings, ShieldCheck, Sun, SunMoon } from "lucide-react";
import * as api from "@/lib/api";
import { type Theme, useTheme } from "@/lib/browser/theme";
import { useMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { setDrawer, showPanel } from "@/lib/panels";
import { go } from "@/lib/route";
import { Menu } from "@/ui/menu";

const THEMES: readonly { readonly theme: Theme; readonly icon: typeof Sun }[] = [
  { theme: "system", icon: SunMoon },
  { theme: "light", icon: Sun },
  { theme: "dark", icon: Moon },
];

/** Who is signed in, and what belongs to them. */
export function UserButton({ onLeave }: { readonly onLeave: () => void }) {
  const t = useT();
  const { data: user } = useMe();
  const [theme, setTheme] = useTheme();
  const name = user?.name || user?.email || "";
  const leave = async () => {
    await api.logOut().catch(() => undefined);
    onLeave();
  };
  return (
    <Menu
      label={t("account.menu")}
      header={<p className="truncate px-3 pt-1 pb-2 text-xs text-muted">{user?.email}</p>}
      items={[
        {
          label: t("account.title"),
          icon: Settings,
          onSelect: () => {
            go("/account");
            setDrawer(false);
          },
        },
        ...(user?.role === "admin"
          ? [
              {
                label: t("admin.title"),
                icon: ShieldCheck,
                onSelect: () => {
                  go("/admin/users");
                  setDrawer(false);
                },
              },
            ]
          : []),
        { label: t("help.title"), icon: CircleHelp, note: "?", onSelect: () => showPanel("help") },
        "line",
        ...THEMES.map((each) => ({
          label: t(`theme.${each.theme}`),
          icon: each.icon,
          checked: each.theme === theme,
          onSelect: () => setTheme(each.theme),
        })),
        "line",
        { label: t("auth.logOut"), icon: LogOut, onSelect: () => void leave() },
      ]}
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
