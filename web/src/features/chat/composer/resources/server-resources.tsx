"use client";

import { FileText, LoaderCircle } from "lucide-react";
import type { ResourceServer } from "@/lib/api/files";
import { TemplateForm } from "./template-form";

interface ServerResourcesProps {
  readonly server: ResourceServer;
  /** What is being fetched: server and address. */
  readonly busy: string | null;
  readonly onAttach: (server: string, uri: string) => Promise<void>;
}

/** One server's resources, and the forms for those whose addresses have holes. */
export function ServerResources({ server, busy, onAttach }: ServerResourcesProps) {
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-sm font-medium text-muted">
        <bdi>{server.title}</bdi>
      </h3>
      <ul className="flex flex-col">
        {server.resources.map(({ uri, name, title, description }) => {
          const Icon = busy === `${server.name} ${uri}` ? LoaderCircle : FileText;
          return (
            <li key={uri}>
              <button
                type="button"
                disabled={busy !== null}
                onClick={() => void onAttach(server.name, uri)}
                className="flex min-h-11 w-full items-start gap-3 rounded-lg px-3 py-2.5 text-start transition-colors hover:bg-hover disabled:opacity-50"
              >
                <Icon aria-hidden className="mt-0.5 size-4 shrink-0 opacity-80" strokeWidth={1.75} />
                <span className="flex min-w-0 flex-col">
                  <bdi className="truncate">{title || name}</bdi>
                  <bdi className="truncate text-sm text-muted">{description || uri}</bdi>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {server.templates.map((template) => (
        <TemplateForm
          key={template.uri_template}
          template={template}
          busy={busy !== null}
          onAttach={(uri) => void onAttach(server.name, uri)}
        />
      ))}
    </section>
  );
}
