/** The page in Chinese (simplified). */
import type { Catalogue } from "../en";
import { core } from "./core";

export const zh: Catalogue = { ...core };
