export { ChatScreen } from "./chat-screen";
export { prepareChat } from "./thread/use-thread";
