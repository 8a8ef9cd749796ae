export { type Connection, type Follower, follow, type Link } from "./connection";
export type * from "./events";
export { type Batch, perFrame } from "./frames";
