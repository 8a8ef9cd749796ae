"use client";

import { useEffect, useRef, useState } from "react";
import type { Settings } from "@/lib/api";
import { useT } from "@/lib/i18n";
import { TextBox, TextField } from "@/ui/field";
import { type Draft, draftOf, LIMITS, RANGES, settingsOf } from "./fields";

export interface SettingsFormProps {
  readonly settings: Settings;
  /** What holds where a field is empty. */
  readonly usual: Settings;
  readonly onChange: (settings: Settings) => void;
}

const NUMBERS = ["temperature", "top_p", "max_tokens", "seed"] as const;

/** How the model answers. Every good change is kept by itself, shortly after it was made. */
export function SettingsForm({ settings, usual, onChange }: SettingsFormProps) {
  const t = useT();
  const [draft, setDraft] = useState(() => draftOf(settings));
  const { wrong } = settingsOf(draft);
  const { keep, flush } = useKeeping(onChange);
  const set = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    const read = settingsOf(next);
    if (Object.keys(read.wrong).length === 0) keep(read.settings);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is the fields inside that are left
    <div className="flex flex-col gap-5" onBlur={flush}>
      <TextBox
        label={t("settings.system_prompt")}
        value={draft.system_prompt}
        rows={5}
        placeholder={usual.system_prompt ?? t("settings.system_prompt.example")}
        hint={t("settings.system_prompt.hint")}
        error={wrong.system_prompt && t("settings.tooLong", { count: LIMITS.system_prompt })}
        onChange={(event) => set({ system_prompt: event.target.value })}
      />
      <div className="grid grid-cols-2 gap-x-4 gap-y-5">
        {NUMBERS.map((name) => (
          <TextField
            key={name}
            label={t(`settings.${name}`)}
            value={draft[name]}
            inputMode="decimal"
            autoComplete="off"
            placeholder={usual[name]?.toString() ?? t("settings.modelDecides")}
            hint={t(`settings.${name}.hint`)}
            error={wrong[name] && t("settings.range", { min: RANGES[name].min, max: RANGES[name].max })}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        ))}
      </div>
      <TextBox
        label={t("settings.stop")}
        value={draft.stop}
        rows={2}
        hint={t("settings.stop.hint")}
        error={wrong.stop && t("settings.stop.tooMany", { count: LIMITS.stops })}
        onChange={(event) => set({ stop: event.target.value })}
      />
    </div>
  );
}

/** Hand a value over half a second after the last one, and at the latest when its field is left or the form goes. */
function useKeeping(hand: (settings: Settings) => void) {
  const waiting = useRef<Settings | null>(null);
  const timer = useRef(0);
  const latest = useRef(hand);
  latest.current = hand;
  const flush = useRef(() => {
    clearTimeout(timer.current);
    const settings = waiting.current;
    waiting.current = null;
    if (settings !== null) latest.current(settings);
  });
  useEffect(() => flush.current, []);
  const keep = (settings: Settings) => {
    waiting.current = settings;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(flush.current, 500);
  };
  return { keep, flush: flush.current };
}
