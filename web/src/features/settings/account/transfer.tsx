"use client";

import { Download, Upload } from "lucide-react";
import { type ChangeEvent, useEffect, useRef, useState } from "react";
import * as api from "@/lib/api";
import { EVERYTHING } from "@/lib/api/account";
import { refreshConversations } from "@/lib/data";
import { useT } from "@/lib/i18n";
import { readFile, UnknownFile } from "@/lib/importing/files";
import { type Report, run } from "@/lib/importing/run";
import type { Left } from "@/lib/importing/talk";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toasts";

/** Everything out as a ZIP, and conversations in from here and elsewhere. */
export function Transfer() {
  const t = useT();
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col items-start gap-3">
        <p className="text-sm text-muted">{t("transfer.exportAbout")}</p>
        <Button onClick={() => void fetchAll((error) => toast(wordsFor(error, t), { tone: "danger" }))}>
          <Download aria-hidden className="size-4" />
          {t("transfer.export")}
        </Button>
      </div>
      <Import />
    </div>
  );
}

/** The browser saves it while it comes; the session is renewed first, which a download can't do by itself. */
async function fetchAll(onError: (error: unknown) => void): Promise<void> {
  try {
    await api.me();
    const link = document.createElement("a");
    link.href = EVERYTHING;
    link.download = "";
    link.click();
  } catch (error) {
    onError(error);
  }
}

type State =
  | { readonly step: "idle" }
  | { readonly step: "reading" }
  | { readonly step: "running" | "over"; readonly report: Report }
  | { readonly step: "failed"; readonly error: unknown; readonly report: Report | null };

function Import() {
  const t = useT();
  const [state, setState] = useState<State>({ step: "idle" });
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file) return;
    const control = new AbortController();
    stop.current = control;
    let last: Report | null = null;
    setState({ step: "reading" });
    try {
      const source = await readFile(file);
      const tell = (report: Report) => {
        last = report;
        setState({ step: "running", report });
      };
      setState({ step: "over", report: await run(source, tell, control.signal) });
    } catch (error) {
      setState(
        control.signal.aborted && last ? { step: "over", report: last } : { step: "failed", error, report: last },
      );
    }
    if (last) await refreshConversations();
  };
  const busy = state.step === "reading" || state.step === "running";
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-sm text-muted">{t("transfer.importAbout")}</p>
      <input
        ref={input}
        type="file"
        accept=".json,.zip,application/json,application/zip"
        aria-label={t("transfer.file")}
        className="hidden"
        onChange={(event) => void take(event)}
      />
      <div className="flex flex-wrap gap-3">
        <Button disabled={busy} onClick={() => input.current?.click()}>
          <Upload aria-hidden className="size-4" />
          {t("transfer.import")}
        </Button>
        {busy && <Button onClick={() => stop.current?.abort()}>{t("cancel")}</Button>}
      </div>
      {state.step === "reading" && (
        <p role="status" className="text-sm text-muted">
          {t("transfer.reading")}
        </p>
      )}
      {state.step === "running" && <Progress report={state.report} />}
      {state.step === "failed" && (
        <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
          {state.error instanceof UnknownFile ? t("transfer.unknown") : wordsFor(state.error, t)}
        </p>
      )}
      {(state.step === "over" || state.step === "failed") && state.report && <Outcome report={state.report} />}
    </div>
  );
}

function Progress({ report: { done, part } }: { readonly report: Report }) {
  const t = useT();
  return (
    <div className="w-full text-sm text-muted">
      <progress
        aria-label={t("transfer.import")}
        value={part}
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent"
      />
      <p>{t("transfer.progress", { count: done })}</p>
    </div>
  );
}

const SHOWN = 200;

function Outcome({ report }: { readonly report: Report }) {
  const t = useT();
  const { made, there, left, part } = report;
  return (
    <div role="status" className="w-full rounded-xl border border-line bg-raised p-4 text-sm">
      <p className="font-medium">{t("transfer.made", { count: made })}</p>
      {there > 0 && <p className="mt-1 text-muted">{t("transfer.there", { count: there })}</p>}
      {part < 1 && <p className="mt-1 text-muted">{t("transfer.stopped")}</p>}
      {left.length > 0 && (
        <details className="mt-3" open={left.length <= 5}>
          <summary className="font-medium">{t("transfer.left", { count: left.length })}</summary>
          <ul className="mt-2 max-h-64 divide-y divide-line overflow-y-auto">
            {left.slice(0, SHOWN).map((each, index) => (
              <LeftRow key={index} left={each} />
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function LeftRow({ left: { title, why, detail } }: { readonly left: Left }) {
  const t = useT();
  return (
    <li className="py-2">
      <bdi className="font-medium wrap-anywhere">{title || t("transfer.untitled")}</bdi>
      <span className="block text-muted">
        {t(`transfer.why.${why}`)} <bdi>{detail}</bdi>
      </span>
    </li>
  );
}
