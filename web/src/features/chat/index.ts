export { ChatScreen } from "./chat-screen";
export { forgetTemporary, forgetThreads } from "./store";
