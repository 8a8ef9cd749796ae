export { ChatScreen } from "./chat-screen";
export { forgetThreads } from "./store";
