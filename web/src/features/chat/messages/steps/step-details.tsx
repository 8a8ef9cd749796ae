"use client";

import useSWR from "swr";
import type { Step, WholeStep } from "@/lib/api";
import * as tools from "@/lib/api/tools";
import { useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import { pretty } from "./parts";

export interface StepDetailsProps {
  readonly path: string;
  readonly step: Step;
}

const BOX = "max-h-80 overflow-auto rounded-lg bg-bg p-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap";

/** All that a tool was asked and all that it answered, fetched when it is opened and whenever the step has changed. */
export function StepDetails({ path, step }: StepDetailsProps) {
  const t = useT();
  const { data, error, mutate } = useSWR([path, step.revision], () => tools.step(path), { revalidateOnFocus: false });
  if (data === undefined && error)
    return (
      <div role="alert" className="flex flex-wrap items-center gap-3 px-3 pb-3">
        <span className="text-danger">{wordsFor(error, t)}</span>
        <Button small onClick={() => void mutate()}>
          {t("tryAgain")}
        </Button>
      </div>
    );
  return (
    <div className="flex flex-col gap-3 border-t border-line px-3 py-3">
      <p className="text-muted">
        <bdi>{`${step.server} · ${step.tool}`}</bdi> · {t(`step.effect.${step.effect}`)}
      </p>
      <Section title={t("step.arguments")}>
        <pre dir="ltr" className={BOX}>
          {pretty(data?.arguments ?? step.arguments)}
        </pre>
      </Section>
      {step.error && <p className="text-danger">{step.error.message}</p>}
      {data === undefined ? <Skeleton lines={2} label={t("loading")} /> : <Result step={data} />}
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className="flex flex-col gap-1">
      <h4 className="text-xs font-medium text-muted">{title}</h4>
      {children}
    </section>
  );
}

function Result({ step }: { readonly step: WholeStep }) {
  const t = useT();
  if (step.result === null) return null;
  const { content, structured, cut } = step.result;
  return (
    <Section title={t("step.result")}>
      {content.map((part, index) => (
        <Part key={index} part={part} />
      ))}
      {content.length === 0 && structured != null && (
        <pre dir="ltr" className={BOX}>
          {JSON.stringify(structured, null, 2)}
        </pre>
      )}
      {cut && <p className="text-muted">{t("step.cut")}</p>}
    </Section>
  );
}

/** What strangers wrote is shown as it is: no Markdown, no SVG, no address that opens by itself. */
const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);

function Part({ part }: { readonly part: NonNullable<WholeStep["result"]>["content"][number] }) {
  if (part.type === "image" && part.data && IMAGES.has(part.media_type ?? ""))
    return <img src={`data:${part.media_type};base64,${part.data}`} alt="" className="max-h-80 w-fit rounded-lg" />;
  if (part.type === "link" && /^https?:/i.test(part.url ?? ""))
    return (
      <a
        href={part.url ?? ""}
        rel="noopener noreferrer nofollow"
        target="_blank"
        dir="auto"
        className="truncate text-accent underline"
      >
        {part.title || part.url}
      </a>
    );
  if (part.type === "source" && /^https?:/i.test(part.url ?? ""))
    return (
      <div className="flex flex-col gap-1">
        <Part part={{ ...part, type: "link" }} />
        {part.text && <Part part={{ ...part, type: "text" }} />}
      </div>
    );
  return (
    <pre dir="auto" className={BOX}>
      {part.text ?? part.title ?? part.url ?? ""}
    </pre>
  );
}
