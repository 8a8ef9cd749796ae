/** The mark: a world drawn in one line, with what is being said rising out of it. */
export function Mark({ className = "", busy = false }: { readonly className?: string; readonly busy?: boolean }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden className={className}>
      <path d="M27 16a11 11 0 1 1-4.2-8.65" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
      <path d="M9.5 17.5c2.2-3 4.3-3 6.5 0s4.3 3 6.5 0" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="26.2" cy="10.4" r="2" fill="currentColor" className={busy ? "animate-breathe" : ""} />
    </svg>
  );
}
