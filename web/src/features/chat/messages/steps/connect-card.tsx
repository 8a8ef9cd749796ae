"use client";

import { Plug } from "lucide-react";
import { useState } from "react";
import { connect } from "@/lib/api/tools";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";

interface ConnectCardProps {
  readonly server: string;
  readonly fault: string | null;
  readonly busy: boolean;
  readonly onRefuse: () => void;
}

/** A step whose server wants to know who asks: it goes on by itself once the person has connected. */
export function ConnectCard({ server, fault, busy, onRefuse }: ConnectCardProps) {
  const t = useT();
  const [leaving, setLeaving] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const leave = async () => {
    setLeaving(true);
    setTrouble(null);
    try {
      await connect(server);
    } catch (error) {
      setTrouble(wordsFor(error, t));
      setLeaving(false);
    }
  };
  const said = trouble ?? fault;
  return (
    <section aria-label={t("step.connectTo", { server })} className="mt-1 rounded-xl bg-warn-soft p-4">
      <p className="flex items-start gap-2 font-medium">
        <Plug aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
        <span>{t("step.connectTo", { server })}</span>
      </p>
      <p className="mt-1 text-sm text-muted">{t("step.connectAbout")}</p>
      {said !== null && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {said}
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="primary" disabled={busy || leaving} onClick={() => void leave()}>
          {t("step.connect")}
        </Button>
        <Button disabled={busy || leaving} onClick={onRefuse}>
          {t("step.refuse")}
        </Button>
      </div>
    </section>
  );
}
