/** The parts of the page in Arabic. */
export { account } from "./account";
export { admin } from "./admin";
export { answers } from "./answers";
export { core } from "./core";
export { files } from "./files";
export { find } from "./find";
export { keys } from "./keys";
export { knowledge } from "./knowledge";
export { leftOut } from "./left-out";
export { moving } from "./moving";
export { share } from "./share";
export { signOn } from "./sign-on";
export { steps } from "./steps";
export { temporary } from "./temporary";
export { toolServers } from "./tool-servers";
export { unsent } from "./unsent";
export { update } from "./update";
