import { FileText, Image, ScrollText } from "lucide-react";

/** The picture of a kind of file. */
export function KindIcon({ kind }: { readonly kind: string }) {
  const Icon = kind === "image" ? Image : kind === "pdf" ? ScrollText : FileText;
  return <Icon aria-hidden className="size-5" strokeWidth={1.75} />;
}
