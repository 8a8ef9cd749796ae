/** The page in Chinese (simplified). */
import type { Catalogue } from "../en";
import { joined } from "../joined";
import * as parts from "./parts";

export const zh: Catalogue = joined(parts);
