/** The page in Arabic. */
import type { Catalogue } from "../en";
import { core } from "./core";
import { share } from "./share";

export const ar: Catalogue = { ...core, ...share };
