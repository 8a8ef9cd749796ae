"use client";

import { Workflow } from "lucide-react";
import { memo, useState } from "react";
import { fetched } from "@/lib/fetched";
import { useT } from "@/lib/i18n";
import { CopyButton } from "../../copy-button";
import { IconButton } from "../../icon-button";
import { useLive } from "../show/live";
import type { CodeToolsProps } from "./code-tools";
import { Diagram } from "./diagram";
import { type Line, shownOf } from "./painted";
import { usePainted } from "./use-painted";

const CodeTools = fetched<CodeToolsProps>(() => import("./code-tools").then((module) => module.CodeTools));

/** What is longer is folded until it is asked for, and shows so many lines. */
const LONG = 40;
const FOLDED = 24;

export interface CodeBlockProps {
  readonly code: string;
  readonly language: string;
  readonly settled: boolean;
}

/** Code with its language and a copy button; colours come when they are ready. */
export const CodeBlock = memo(function CodeBlock({ code, language, settled }: CodeBlockProps) {
  const name = language.trim().split(/[\s{]/)[0] ?? "";
  const t = useT();
  const [drawn, setDrawn] = useState(false);
  const [wrapped, setWrapped] = useState(false);
  const drawable = name === "mermaid" && settled;
  return (
    <figure className="code" aria-label={t("code.label", { language: name || t("code.plain") })}>
      <figcaption>
        <span>{name || t("code.plain")}</span>
        <span className="flex">
          {drawable && (
            <IconButton
              small
              icon={Workflow}
              label={t(drawn ? "code.source" : "code.diagram")}
              onClick={() => setDrawn(!drawn)}
            />
          )}
          {settled && <CodeTools code={code} name={name} wrapped={wrapped} onWrap={() => setWrapped(!wrapped)} />}
          <CopyButton text={code} />
        </span>
      </figcaption>
      {drawable && drawn ? <Diagram source={code} /> : <Folding code={code} name={name} wrapped={wrapped} />}
    </figure>
  );
});

interface SourceProps {
  readonly code: string;
  readonly name: string;
  readonly wrapped: boolean;
}

/** Long code shows its beginning; what was seen being written stays open. */
function Folding(source: SourceProps) {
  const t = useT();
  const [open, setOpen] = useState(useLive());
  const lines = source.code.split("\n");
  if (open || lines.length <= LONG) return <Source {...source} />;
  return (
    <>
      <Source {...source} code={lines.slice(0, FOLDED).join("\n")} />
      <button type="button" className="unfold" onClick={() => setOpen(true)}>
        {t("code.showAll", { count: lines.length })}
      </button>
    </>
  );
}

function Source({ code, name, wrapped }: SourceProps) {
  const [lines, rest] = shownOf(usePainted(code, name), code);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre dir="ltr" tabIndex={0} className={wrapped ? "wrapped" : undefined}>
      <code>
        {lines.map((line, index) => (
          <CodeLine key={index} line={line} first={index === 0} />
        ))}
        {rest}
      </code>
    </pre>
  );
}

const CodeLine = memo(function CodeLine({ line, first }: { readonly line: Line; readonly first: boolean }) {
  return (
    <>
      {!first && "\n"}
      {line.map((token, index) => (
        <span key={index} style={{ color: token.color, fontStyle: token.italic ? "italic" : undefined }}>
          {token.content}
        </span>
      ))}
    </>
  );
});
