export type * from "./events";
export {
  type Connection,
  type Follower,
  followConversation,
  followEvents,
  type Place,
  release,
  reserve,
  take,
} from "./follow";
export { type Batch, perFrame } from "./frames";
export type { Link } from "./protocol";
