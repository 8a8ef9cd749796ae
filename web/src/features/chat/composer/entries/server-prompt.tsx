"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { madeOfPrompt, type ServerPrompt } from "@/lib/api/tools";
import { translate, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { variablesOfArguments } from "./use-server-prompts";
import { VariablesDialog } from "./variables-dialog";

interface ServerPromptProps {
  readonly prompt: ServerPrompt;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** Asks for what a server's prompt wants to know, and lets the server make a message of it. */
export function ServerPromptMade({ prompt, onText, onClose }: ServerPromptProps) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const asks = prompt.arguments.length > 0;
  const make = async (values: ReadonlyMap<string, string>) => {
    setBusy(true);
    setFault(null);
    try {
      const given = new Map([...values].filter(([, value]) => value !== ""));
      const { text, left_out } = await madeOfPrompt(prompt, given);
      if (left_out > 0) toast(translate("entries.leftOut"));
      onText(text);
    } catch (error) {
      setBusy(false);
      if (asks) return setFault(wordsFor(error, t));
      toast(wordsFor(error, t), { tone: "danger" });
      onClose();
    }
  };
  const makeAtOnce = useEffectEvent(() => void make(new Map()));
  useEffect(() => {
    if (!asks) makeAtOnce();
  }, [asks]);
  if (!asks)
    return (
      <div className="absolute inset-x-0 bottom-full z-20 mb-2 rounded-2xl border border-line bg-raised p-4 shadow-float">
        <Skeleton lines={2} label={t("loading")} />
      </div>
    );
  return (
    <VariablesDialog
      title={prompt.title || prompt.name}
      variables={variablesOfArguments(prompt)}
      busy={busy}
      fault={fault}
      onDone={(values) => void make(values)}
      onClose={onClose}
    />
  );
}
