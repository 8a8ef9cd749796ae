/** The page in German. */
import type { Catalogue } from "../en";
import { joined } from "../joined";
import * as parts from "./parts";

export const de: Catalogue = joined(parts);
