/** The page in Chinese (simplified). */
import type { Catalogue } from "../en";
import { account } from "./account";
import { admin } from "./admin";
import { answers } from "./answers";
import { core } from "./core";
import { files } from "./files";
import { find } from "./find";
import { keys } from "./keys";
import { leftOut } from "./left-out";
import { moving } from "./moving";
import { share } from "./share";
import { signOn } from "./sign-on";
import { temporary } from "./temporary";
import { update } from "./update";

export const zh: Catalogue = {
  ...core,
  ...account,
  ...admin,
  ...answers,
  ...files,
  ...find,
  ...keys,
  ...leftOut,
  ...moving,
  ...share,
  ...signOn,
  ...temporary,
  ...update,
};
