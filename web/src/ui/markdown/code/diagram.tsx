"use client";

import { useEffect, useId, useState } from "react";
import { useDark } from "@/lib/browser/theme";
import { type Key, useT } from "@/lib/i18n";

type Drawing = { readonly svg: string } | { readonly fault: Key } | null;

/** A Mermaid diagram, drawn when it is asked for. */
export function Diagram({ source }: { readonly source: string }) {
  const t = useT();
  const id = useId().replace(/\W/g, "");
  const dark = useDark();
  const [drawing, setDrawing] = useState<Drawing>(null);
  useEffect(() => {
    let here = true;
    void draw(`diagram${id}`, source, dark).then((drawn) => here && setDrawing(drawn));
    return () => {
      here = false;
    };
  }, [id, source, dark]);
  if (drawing === null) return <p className="p-4 text-muted">{t("loading")}</p>;
  if ("fault" in drawing) return <p className="p-4 text-danger">{t(drawing.fault)}</p>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: mermaid's strict level cleans what it draws
  return <div dir="ltr" className="diagram" dangerouslySetInnerHTML={{ __html: drawing.svg }} />;
}

async function draw(id: string, source: string, dark: boolean): Promise<Drawing> {
  const mermaid = await import("mermaid").then(
    (module) => module.default,
    () => null,
  );
  if (mermaid === null) return { fault: "problem.unexpected" };
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: dark ? "dark" : "neutral",
    fontFamily: "inherit",
  });
  try {
    return await mermaid.render(id, source);
  } catch {
    return { fault: "code.diagramFault" };
  }
}
