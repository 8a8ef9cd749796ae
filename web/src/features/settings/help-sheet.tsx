"use client";

import { type Key, useT } from "@/lib/i18n";
import { Dialog } from "@/ui/dialog";

const mac = () => /Mac|iPhone|iPad/.test(navigator.platform);

const KEYS: readonly { readonly keys: readonly string[]; readonly does: Key }[] = [
  { keys: ["Enter"], does: "help.send" },
  { keys: ["Shift", "Enter"], does: "help.newline" },
  { keys: ["Mod", "Enter"], does: "help.steer" },
  { keys: ["Esc"], does: "help.stop" },
  { keys: ["↑"], does: "help.editLast" },
  { keys: ["Mod", "K"], does: "help.palette" },
  { keys: ["Mod", "Shift", "O"], does: "help.newChat" },
  { keys: ["Mod", "B"], does: "help.sidebar" },
  { keys: ["Mod", ","], does: "help.settings" },
  { keys: ["/"], does: "help.focus" },
  { keys: ["?"], does: "help.help" },
];

/** The keys of the page. */
export function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t("help.title")} closeLabel={t("close")} onClose={onClose}>
      <dl className="flex flex-col divide-y divide-line">
        {KEYS.map(({ keys, does }) => (
          <div key={does} className="flex items-center justify-between gap-6 py-2.5">
            <dt className="text-sm">{t(does)}</dt>
            <dd className="flex shrink-0 gap-1" dir="ltr">
              {keys.map((key) => (
                <kbd key={key} className="rounded-md border border-line bg-sunken px-2 py-0.5 font-mono text-xs">
                  {key === "Mod" ? (mac() ? "⌘" : "Ctrl") : key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
