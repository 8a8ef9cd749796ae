"use client";

import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import useSWR from "swr";
import * as admin from "@/lib/api/admin";
import { size } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { IconButton } from "@/ui/icon-button";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";
import { Chip } from "../states";

/** Models that an engine fetches: what is on its way, and a form for more. Nothing where no engine does. */
export function Pulls({ none, onDone }: { readonly none: boolean; readonly onDone: () => void }) {
  const { data, mutate } = useSWR(admin.PULLS, admin.pulls, {
    refreshInterval: (known) => (known?.items.some(isOnItsWay) ? 1_000 : 10_000),
    onSuccess: (now) => {
      if (now.items.some((pull) => pull.status === "done")) onDone();
    },
  });
  const t = useT();
  if (!data || (data.pools.length === 0 && data.items.length === 0)) return null;
  return (
    <div role="group" aria-label={t("admin.pulls")} className="mb-8">
      {data.pools.length > 0 && (
        <Ask pools={data.pools} suggested={none ? data.suggested : ""} onAsked={() => void mutate()} />
      )}
      <ul className="mt-4 flex flex-col gap-3">
        {data.items.map((pull) => (
          <Row key={`${pull.pool} ${pull.model}`} pull={pull} onChange={() => void mutate()} />
        ))}
      </ul>
    </div>
  );
}

const isOnItsWay = (pull: admin.Pull) => pull.status === "waiting" || pull.status === "pulling";

interface AskProps {
  readonly pools: readonly string[];
  readonly suggested: string;
  readonly onAsked: () => void;
}

function Ask({ pools, suggested, onAsked }: AskProps) {
  const t = useT();
  const [model, setModel] = useState(suggested);
  const [chosen, setPool] = useState("");
  const pool = pools.includes(chosen) ? chosen : (pools[0] ?? "");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await admin.pull(pool, model.trim());
      setModel("");
    } catch (error) {
      toast(wordsFor(error, t), { tone: "danger" });
    }
    onAsked();
  };
  return (
    <form
      onSubmit={(event) => void submit(event)}
      aria-label={t("admin.pulls.get")}
      className="flex flex-wrap items-end gap-3"
    >
      <div className="min-w-56 flex-1">
        <TextField label={t("admin.pulls.model")} value={model} onChange={(event) => setModel(event.target.value)} />
      </div>
      {pools.length > 1 && (
        <Select label={t("admin.pulls.pool")} value={pool} onChange={setPool}>
          {pools.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
      <Button type="submit" look="primary" disabled={model.trim() === ""}>
        {t("admin.pulls.get")}
      </Button>
      <p className="-mt-2 w-full text-sm text-muted">{t("admin.pulls.hint")}</p>
    </form>
  );
}

function Row({ pull, onChange }: { readonly pull: admin.Pull; readonly onChange: () => void }) {
  const t = useT();
  const act = async (action: Promise<unknown>) => {
    await action.catch((error: unknown) => toast(wordsFor(error, t), { tone: "danger" }));
    onChange();
  };
  return (
    <li className="flex items-center gap-3 rounded-2xl border border-line bg-raised px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <bdi className="truncate font-medium">{pull.model}</bdi>
          <Chip>{pull.pool}</Chip>
          <Chip tone={pull.status === "failed" ? "bad" : pull.status === "done" ? "good" : "plain"}>
            {t(`admin.pulls.${pull.status}`)}
          </Chip>
        </p>
        {isOnItsWay(pull) && <Progress pull={pull} />}
        {pull.trouble && (
          <p className="mt-1 text-sm text-danger">
            <bdi>{pull.trouble}</bdi>
          </p>
        )}
      </div>
      {pull.status === "failed" && (
        <Button small onClick={() => void act(admin.pull(pull.pool, pull.model))}>
          {t("tryAgain")}
        </Button>
      )}
      <IconButton
        icon={X}
        label={t(isOnItsWay(pull) ? "admin.pulls.stop" : "admin.pulls.dismiss", { model: pull.model })}
        onClick={() => void act(admin.forgetPull(pull.pool, pull.model))}
      />
    </li>
  );
}

function Progress({ pull }: { readonly pull: admin.Pull }) {
  const t = useT();
  const language = useLanguage();
  return (
    <>
      <progress
        aria-label={pull.model}
        className="mt-2 h-1.5 w-full"
        value={pull.total > 0 ? pull.completed : undefined}
        max={pull.total || undefined}
      />
      {pull.total > 0 && (
        <p className="text-sm text-muted tabular-nums">
          {t("admin.pulls.of", { done: size(pull.completed, language), all: size(pull.total, language) })}
        </p>
      )}
    </>
  );
}
