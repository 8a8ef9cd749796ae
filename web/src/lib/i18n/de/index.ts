/** The page in German. */
import type { Catalogue } from "../en";
import { core } from "./core";
import { share } from "./share";

export const de: Catalogue = { ...core, ...share };
