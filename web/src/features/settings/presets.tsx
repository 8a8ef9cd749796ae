"use client";

import { BookmarkPlus, Trash2 } from "lucide-react";
import { useState } from "react";
import * as api from "@/lib/api";
import { setMe, useMe } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toasts";

export interface PresetsProps {
  /** The settings as they are now, to be saved under a name. */
  readonly settings: api.Settings;
  readonly onUse: (settings: api.Settings) => void;
}

/** Ways of answering that the person saved: use one, save the present one, forget one. */
export function Presets({ settings, onUse }: PresetsProps) {
  const t = useT();
  const { data: user } = useMe();
  const [name, setName] = useState<string | null>(null);
  if (!user) return null;
  const presets = user.settings.presets ?? [];
  const keep = async (wanted: readonly api.Preset[]) => {
    await setMe({ ...user, settings: { ...user.settings, presets: wanted } });
    try {
      await setMe(await api.changeMe({ settings: { ...user.settings, presets: wanted } }));
    } catch (error) {
      await setMe(user);
      toast(wordsFor(error, t), { tone: "danger" });
    }
  };
  const save = () => {
    const wanted = (name ?? "").trim();
    if (wanted === "") return;
    setName(null);
    void keep([...presets.filter((preset) => preset.name !== wanted), { name: wanted, settings }]);
  };
  return (
    <section aria-label={t("presets.title")} className="mb-6 rounded-xl border border-line bg-bg p-3">
      <h3 className="px-1 text-sm font-medium">{t("presets.title")}</h3>
      <ul className="mt-1">
        {presets.map((preset) => (
          <li key={preset.name} className="flex items-center">
            <button
              type="button"
              className="min-w-0 flex-1 rounded-lg px-2 py-1.5 text-start text-sm hover:bg-hover"
              onClick={() => onUse(preset.settings)}
            >
              <bdi className="block w-fit max-w-full truncate">{preset.name}</bdi>
            </button>
            <IconButton
              small
              icon={Trash2}
              label={t("presets.forget", { name: preset.name })}
              onClick={() => void keep(presets.filter((other) => other !== preset))}
            />
          </li>
        ))}
      </ul>
      {presets.length === 0 && name === null && (
        <p className="px-1 pt-0.5 pb-1 text-sm text-muted">{t("presets.none")}</p>
      )}
      {name === null ? (
        <Button small look="quiet" onClick={() => setName("")}>
          <BookmarkPlus aria-hidden className="size-4" />
          {t("presets.save")}
        </Button>
      ) : (
        <form
          className="flex items-end gap-2 p-1"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <div className="flex-1">
            <TextField
              label={t("presets.name")}
              value={name}
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
          <Button type="submit" look="primary" className="h-11">
            {t("save")}
          </Button>
        </form>
      )}
    </section>
  );
}
