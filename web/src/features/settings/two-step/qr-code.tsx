/** The quiet zone that readers want around a QR code, in squares (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code out of its rows, a 1 for each dark square; black on white in every theme, so that phones can read it. */
export function QrCode({ rows, label }: { readonly rows: readonly string[]; readonly label: string }) {
  const size = rows.length + 2 * QUIET;
  const squares = rows.flatMap((row, y) =>
    [...row].flatMap((square, x) => (square === "1" ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])),
  );
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-56 self-center rounded-lg"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={squares.join("")} fill="#000" />
    </svg>
  );
}
