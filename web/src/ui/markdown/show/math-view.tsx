"use client";

import { useEffect, useState } from "react";

type Katex = typeof import("./katex");
let loaded: Katex | null = null;

/** A formula; KaTeX is fetched with the first one. */
export function MathView({ tex, display }: { readonly tex: string; readonly display: boolean }) {
  const [katex, setKatex] = useState<Katex | null>(loaded);
  useEffect(() => {
    if (katex !== null) return;
    let here = true;
    void import("./katex").then((module) => {
      loaded = module;
      if (here) setKatex(module);
    });
    return () => {
      here = false;
    };
  }, [katex]);
  if (katex === null) return <code dir="ltr">{tex}</code>;
  const html = katex.formula(tex, display);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX escapes what it is given, and trust is off
  return <span dir="ltr" className={display ? "formula" : undefined} dangerouslySetInnerHTML={{ __html: html }} />;
}
