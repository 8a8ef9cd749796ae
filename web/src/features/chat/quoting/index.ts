"use client";

import { fetched } from "@/lib/fetched";
import type { QuoteButtonProps } from "./quote-button";

/** Offers to ask about what is selected in an answer; fetched after the page is there, and not missed where it can't be. */
export const Quoting = fetched<QuoteButtonProps>(() =>
  import("./quote-button").then(
    (module) => module.QuoteButton,
    () => () => null,
  ),
);
