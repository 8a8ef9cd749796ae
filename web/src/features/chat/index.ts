export { ChatScreen } from "./chat-screen";
export { prepareChat } from "./use-thread";
