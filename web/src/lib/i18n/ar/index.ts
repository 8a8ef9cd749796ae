/** The page in Arabic. */
import type { Catalogue } from "../en";
import { core } from "./core";
import { leftOut } from "./left-out";
import { share } from "./share";
import { signOn } from "./sign-on";

export const ar: Catalogue = { ...core, ...leftOut, ...share, ...signOn };
