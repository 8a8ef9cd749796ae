import { safeAddress } from "../read/safe";

/** The number of a source, in its place in the text. */
export function Citation({ number, address }: { readonly number: string; readonly address: string }) {
  const safe = safeAddress(address);
  if (safe === null) return `[${number}]`;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow" className="citation" title={safe}>
      [{number}]
    </a>
  );
}
