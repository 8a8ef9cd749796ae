import { useState } from "react";
import { useSettled } from "@/lib/hooks/use-settled";
import { TextField } from "@/ui/field";

interface Search {
  /** The words as they are typed, and as they have settled. */
  readonly words: string;
  readonly q: string;
  readonly setWords: (words: string) => void;
}

export function useSearch(): Search {
  const [words, setWords] = useState("");
  return { words, q: useSettled(words.trim(), 250), setWords };
}

/** A box to search a list with. */
export function SearchBox({ label, search }: { readonly label: string; readonly search: Search }) {
  return (
    <TextField
      type="search"
      label={label}
      value={search.words}
      maxLength={200}
      onChange={(event) => search.setWords(event.target.value)}
    />
  );
}
