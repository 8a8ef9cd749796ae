"use client";

import type { FormEvent } from "react";
import type { ResourceServer } from "@/lib/api/files";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { expanded, holesOf } from "./template";

interface TemplateFormProps {
  readonly template: ResourceServer["templates"][number];
  readonly busy: boolean;
  readonly onAttach: (uri: string) => void;
}

/** Asks for what is missing of a resource's address. */
export function TemplateForm({ template, busy, onAttach }: TemplateFormProps) {
  const t = useT();
  const { uri_template, name, title, description } = template;
  const holes = holesOf(uri_template);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // The composer is a form too, and React lets what happens here pass through it.
    event.stopPropagation();
    const form = new FormData(event.currentTarget);
    onAttach(expanded(uri_template, new Map(holes.map((hole, index) => [hole, String(form.get(`h${index}`) ?? "")]))));
  };
  return (
    <details className="rounded-lg px-3">
      <summary className="min-h-11 cursor-pointer py-2.5">
        <bdi>{title || name}</bdi>
      </summary>
      <form onSubmit={submit} className="flex flex-col gap-3 pb-3">
        <p className="text-sm text-muted">
          <bdi className="break-all">{description || uri_template}</bdi>
        </p>
        {holes.map((hole, index) => (
          <TextField key={hole} label={hole} name={`h${index}`} required maxLength={500} autoComplete="off" />
        ))}
        <Button type="submit" disabled={busy} className="self-start">
          {t("resources.attach")}
        </Button>
      </form>
    </details>
  );
}
