import type { ReactNode } from "react";
import { safeAddress } from "../read/safe";

/** A link, where its address may be followed. */
export function Anchor({ address, children }: { readonly address: string; readonly children: ReactNode }) {
  const safe = safeAddress(address);
  if (safe === null) return <span>{children}</span>;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** A picture from elsewhere is only a link: fetching it unasked would tell its host what was said. */
export function Picture({ address, words }: { readonly address: string; readonly words: string }) {
  if (/^data:image\/(png|jpeg|gif|webp);base64,/.test(address)) return <img src={address} alt={words} />;
  return <Anchor address={address}>🖼 {words || address}</Anchor>;
}
