"use client";

import { Bot, CircleHelp, Library, LogOut, Moon, Settings, ShieldCheck, SquareSlash, Sun, SunMoon } from "lucide-react";
import * as api from "@/lib/api";
import { type Theme, useTheme } from "@/lib/browser/theme";
import { useMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { setDrawer, showPanel } from "@/lib/panels";
import { go } from "@/lib/route";
import type { OpenMenuProps } from "@/ui/menu";
import { MenuSheet } from "@/ui/menu-sheet";

const THEMES: readonly { readonly theme: Theme; readonly icon: typeof Sun }[] = [
  { theme: "system", icon: SunMoon },
  { theme: "light", icon: Sun },
  { theme: "dark", icon: Moon },
];

export interface UserMenuProps extends OpenMenuProps {
  readonly onLeave: () => void;
}

/** What belongs to who is signed in. */
export function UserMenu({ onLeave, ...open }: UserMenuProps) {
  const t = useT();
  const { data: user } = useMe();
  const [theme, setTheme] = useTheme();
  const leave = async () => {
    await api.logOut().catch(() => undefined);
    onLeave();
  };
  const visit = (path: string) => () => {
    go(path);
    setDrawer(false);
  };
  return (
    <MenuSheet
      {...open}
      header={
        <p dir="auto" className="truncate px-3 pt-1 pb-2 text-xs text-muted">
          {user?.email}
        </p>
      }
      items={[
        { label: t("account.title"), icon: Settings, onSelect: visit("/account") },
        { label: t("assistants.title"), icon: Bot, onSelect: visit("/assistants") },
        { label: t("prompts.title"), icon: SquareSlash, onSelect: visit("/prompts") },
        { label: t("knowledge.title"), icon: Library, onSelect: visit("/knowledge") },
        ...(user?.role === "admin"
          ? [{ label: t("admin.title"), icon: ShieldCheck, onSelect: visit("/admin/users") }]
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
    />
  );
}
