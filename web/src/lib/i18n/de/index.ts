/** The page in German. */
import type { Catalogue } from "../en";
import { core } from "./core";

export const de: Catalogue = { ...core };
