"use client";

import { Workflow } from "lucide-react";
import { memo, useState } from "react";
import { useT } from "@/lib/i18n";
import { CopyButton } from "../../copy-button";
import { IconButton } from "../../icon-button";
import { Diagram } from "./diagram";
import { type Line, shownOf } from "./painted";
import { usePainted } from "./use-painted";

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
          <CopyButton text={code} />
        </span>
      </figcaption>
      {drawable && drawn ? <Diagram source={code} /> : <Source code={code} name={name} />}
    </figure>
  );
});

function Source({ code, name }: { readonly code: string; readonly name: string }) {
  const [lines, rest] = shownOf(usePainted(code, name), code);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre dir="ltr" tabIndex={0}>
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
