/** Grey lines where text will be. */
export function Skeleton({ lines = 3, label }: { readonly lines?: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3">
      {Array.from({ length: lines }, (_, index) => (
        <div
          key={index}
          className="h-3.5 animate-breathe rounded bg-hover"
          style={{ inlineSize: `${[92, 78, 86, 55][index % 4]}%` }}
        />
      ))}
    </div>
  );
}
