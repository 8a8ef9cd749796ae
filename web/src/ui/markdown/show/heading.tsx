import { createContext, type ReactNode, useContext } from "react";

/** The depth of a text's first heading. */
export const TopHeading = createContext<number | null>(null);

/** A heading of an answer: the page has the first level, the text's first heading the second, whatever depth its author began with. */
export function Heading({ depth, children }: { readonly depth: number; readonly children: ReactNode }) {
  const top = useContext(TopHeading) ?? depth;
  const Level = `h${Math.min(Math.max(depth - top, 0) + 2, 6)}` as "h2";
  return <Level dir="auto">{children}</Level>;
}
