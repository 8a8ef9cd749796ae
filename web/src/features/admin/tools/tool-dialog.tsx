"use client";

import { type FormEvent, useState } from "react";
import type { Audience } from "@/lib/api/admin";
import * as tools from "@/lib/api/tools";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { FormEnd } from "@/ui/form-end";
import { Select } from "@/ui/select";
import { toast } from "@/ui/toasts";
import { Chosen } from "../groups/chosen";

const AUDIENCES: readonly Audience[] = ["everyone", "administrators", "chosen", "nobody"];
const AUTHS = ["none", "bearer", "oauth"] as const;
type Auth = (typeof AUTHS)[number];
const RULES = ["writes", "always", "never"] as const;

export interface ToolDialogProps {
  /** null for one that is to be added. */
  readonly server: tools.ManagedServer | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** Where a server is, who may use it, and when its tools ask. */
export function ToolDialog({ server, onSaved, onClose }: ToolDialogProps) {
  const t = useT();
  const [audience, setAudience] = useState<Audience>(server?.audience ?? "everyone");
  const [people, setPeople] = useState(server?.people ?? []);
  const [groups, setGroups] = useState((server?.groups ?? []).map(({ id }) => id));
  const [approval, setApproval] = useState<string>(server?.approval ?? "writes");
  const [auth, setAuth] = useState<Auth>(server?.auth ?? "none");
  const [usual, setUsual] = useState(server?.usual ?? true);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const settings = {
      title: text("title"),
      url: text("url"),
      auth,
      token_variable: auth === "bearer" ? text("token_variable") : "",
      audience,
      people: audience === "chosen" ? people.map(({ id }) => id) : [],
      groups: audience === "chosen" ? groups : [],
      approval: approval as tools.ManagedServer["approval"],
      usual,
    };
    setBusy(true);
    try {
      await (server ? tools.changeServer(server.name, settings) : tools.addServer({ name: text("name"), ...settings }));
      toast(t("saved"));
      onSaved();
      onClose();
    } catch (error) {
      setFault(wordsFor(error, t));
      setBusy(false);
    }
  };
  return (
    <Dialog title={server?.title || server?.name || t("admin.tools.add")} closeLabel={t("close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        {server === null && (
          <TextField
            label={t("admin.tools.name")}
            hint={t("admin.tools.nameHint")}
            name="name"
            required
            pattern="[a-z0-9][a-z0-9\-]{0,39}"
            maxLength={40}
          />
        )}
        <TextField
          label={t("admin.tools.url")}
          name="url"
          type="url"
          required
          defaultValue={server?.url}
          placeholder="https://mcp.example.org/mcp"
          maxLength={2_000}
        />
        <TextField label={t("admin.tools.shown")} name="title" defaultValue={server?.title} maxLength={200} />
        <Select label={t("admin.tools.auth")} value={auth} onChange={(value) => setAuth(value as Auth)}>
          {AUTHS.map((each) => (
            <option key={each} value={each}>
              {t(`admin.tools.auth.${each}`)}
            </option>
          ))}
        </Select>
        {auth === "bearer" && (
          <TextField
            label={t("admin.tools.token")}
            hint={t("admin.tools.tokenHint")}
            name="token_variable"
            required
            pattern="[A-Z0-9_]*"
            defaultValue={server?.token_variable}
            maxLength={200}
          />
        )}
        <Select label={t("admin.tools.asks")} value={approval} onChange={setApproval}>
          {RULES.map((rule) => (
            <option key={rule} value={rule}>
              {t(`admin.tools.ask.${rule}`)}
            </option>
          ))}
        </Select>
        <Select label={t("admin.tools.who")} value={audience} onChange={(value) => setAudience(value as Audience)}>
          {AUDIENCES.map((each) => (
            <option key={each} value={each}>
              {t(`admin.audience.${each}`)}
            </option>
          ))}
        </Select>
        {audience === "chosen" && <Chosen people={people} onPeople={setPeople} groups={groups} onGroups={setGroups} />}
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={usual}
            onChange={(event) => setUsual(event.target.checked)}
          />
          {t("admin.tools.usual")}
        </label>
        <FormEnd fault={fault} label={t("save")} busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
