import { PASSAGE } from "@/lib/sources";
import { safeAddress } from "../read/safe";

/** The number of a source, in its place in the text. */
export function Citation({ number, address }: { readonly number: string; readonly address: string }) {
  if (address.startsWith(PASSAGE)) return <ToPassage number={number} />;
  const safe = safeAddress(address);
  if (safe === null) return `[${number}]`;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow" className="citation" title={safe}>
      [{number}]
    </a>
  );
}

/** Opens the passage that is listed under the same answer. */
function ToPassage({ number }: { readonly number: string }) {
  return (
    <button
      type="button"
      className="citation"
      onClick={({ currentTarget }) =>
        currentTarget.closest("article")?.querySelector<HTMLElement>(`[data-passage="${number}"]`)?.click()
      }
    >
      [{number}]
    </button>
  );
}
