export { ChatScreen } from "./chat-screen";
export { forgetThreads } from "./store";
export { forgetTemporary } from "./temporary";
