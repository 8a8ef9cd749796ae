import type { ReactNode } from "react";

export interface SectionProps {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}

/** One part of the account page. */
export function Section({ title, about, children }: SectionProps) {
  return (
    <section className="border-t border-line py-8">
      <h2 className="font-serif text-xl">{title}</h2>
      {about && <p className="mt-1 text-sm text-muted wrap-anywhere">{about}</p>}
      <div className="mt-5">{children}</div>
    </section>
  );
}
