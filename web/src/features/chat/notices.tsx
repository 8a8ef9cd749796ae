"use client";

import { PlugZap, WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useMe, useModels } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { go } from "@/lib/route";

/** What a person should know before writing: offline, or (as a hint) that no model is connected. */
export function Notices({ hints }: { readonly hints: boolean }) {
  const t = useT();
  const online = useOnline();
  const { data, error } = useModels();
  const { data: user } = useMe();
  if (!online) {
    return (
      <Notice icon={WifiOff}>
        <strong>{t("notice.offline")}</strong> {t("notice.offlineMore")}
      </Notice>
    );
  }
  if (hints && data && (data.hint || data.items.length === 0)) {
    const which = data.items.length === 0 ? "empty" : "noModel";
    return (
      <Notice icon={PlugZap}>
        <strong>{t(`notice.${which}`)}</strong> {t(`notice.${which}More`)}{" "}
        {which === "empty" && user?.role === "admin" && (
          <a
            href="/admin/models"
            className="whitespace-nowrap underline"
            onClick={(event) => {
              event.preventDefault();
              go("/admin/models");
            }}
          >
            {t("notice.get")}
          </a>
        )}
      </Notice>
    );
  }
  if (error && !data) return <Notice icon={WifiOff}>{t("notice.noModels")}</Notice>;
  return null;
}

function Notice({ icon: Icon, children }: { readonly icon: typeof WifiOff; readonly children: React.ReactNode }) {
  return (
    <div role="status" className="mb-2 flex items-start gap-3 rounded-2xl bg-warn-soft px-4 py-2.5 text-sm text-warn">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p>{children}</p>
    </div>
  );
}

const useOnline = () =>
  useSyncExternalStore(
    listen,
    () => navigator.onLine,
    () => true,
  );

function listen(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}
