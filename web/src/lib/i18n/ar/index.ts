/** The page in Arabic. */
import type { Catalogue } from "../en";
import { joined } from "../joined";
import * as parts from "./parts";

export const ar: Catalogue = joined(parts);
